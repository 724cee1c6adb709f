"""A shop chooses how often it is settled."""

from datetime import UTC, datetime

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.settling.choose_period import choose_period
from wanku.kernel.refusal import Refusal
from wanku.settlement.models import Plan

pytestmark = pytest.mark.django_db


def test_weekly_and_back(bo: Shop) -> None:
    choose_period(bo.merchant.pk, "weekly", actor=bo.actor, now=NOW)
    plan = Plan.objects.get()
    assert (plan.period, plan.due_at) == ("weekly", datetime(2026, 11, 15, 16, 0, tzinfo=UTC))
    choose_period(bo.merchant.pk, "weekly", actor=bo.actor, now=NOW)
    assert Act.objects.filter(verb="choose_period").count() == 1, "the same again is no change"
    choose_period(bo.merchant.pk, "daily", actor=bo.actor, now=NOW)
    assert Plan.objects.get().due_at == datetime(2026, 11, 11, 16, 0, tzinfo=UTC)


def test_refused(bo: Shop, cy: Shop) -> None:
    finance = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "finance"}, merchant_id=bo.merchant.pk)
    for actor, period, code in (
        (cy.actor, "weekly", "not_allowed"),
        (finance, "weekly", "not_allowed"),
        (bo.actor, "hourly", "bad_value"),
    ):
        with pytest.raises(Refusal) as refusal:
            choose_period(bo.merchant.pk, period, actor=actor, now=NOW)
        assert refusal.value.code.name == code
    assert not Plan.objects.exists() and not Act.objects.exists()
