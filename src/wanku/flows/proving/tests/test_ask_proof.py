"""Asking for a proof."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.proving.ask_proof import ask_proof
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Proof

pytestmark = pytest.mark.django_db


def test_one_at_a_time(di_actor: Actor) -> None:
    first = ask_proof(actor=di_actor, now=NOW)
    assert ask_proof(actor=di_actor, now=NOW + timedelta(minutes=90)) == first
    assert ask_proof(actor=di_actor, now=NOW + timedelta(hours=3)) != first
    assert Proof.objects.count() == 2


def test_finance_only(bo: Shop) -> None:
    with pytest.raises(Refusal, match="not_allowed"):
        ask_proof(actor=bo.actor, now=NOW)
    assert not Proof.objects.exists() and not ProcrastinateJob.objects.exists()
