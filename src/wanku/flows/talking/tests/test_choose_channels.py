"""E-mail on or off."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.talking.choose_channels import choose_channels
from wanku.kernel.refusal import Refusal
from wanku.notices.models import Preference
from wanku.notices.queries import wants_email


def test_person_and_desk_are_apart(ann_actor: Actor, bo: Shop) -> None:
    assert wants_email(ann_actor)
    choose_channels(email=False, actor=ann_actor, now=NOW)
    choose_channels(email=False, actor=bo.actor, now=NOW)
    choose_channels(email=True, actor=bo.actor, now=NOW)
    assert not wants_email(ann_actor)
    assert wants_email(bo.actor)
    assert Preference.objects.count() == 2


def test_refusals(guest_actor: Actor, bo: Shop, cy: Shop) -> None:
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    posing = replace(cy.actor, merchant_id=bo.merchant.pk)
    for actor, code in [(guest_actor, "sign_in"), (clerk, "not_allowed"), (posing, "not_allowed")]:
        with pytest.raises(Refusal) as refused:
            choose_channels(email=False, actor=actor, now=NOW)
        assert refused.value.code.name == code
    assert not Preference.objects.exists()
