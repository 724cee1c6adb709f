"""The link works once, for seven days, until it is withdrawn."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import NOBODY, Actor
from wanku.flows.selling.accept_invitation import accept_invitation
from wanku.flows.selling.invite_staff import invite_staff
from wanku.flows.selling.withdraw_invitation import withdraw_invitation
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Staff

pytestmark = pytest.mark.django_db


def invite(shop: Shop) -> tuple[str, int]:
    made = invite_staff(shop.merchant.pk, email="ann@example.com", role="clerk", actor=shop.actor, now=NOW)
    return made.token, made.invitation.pk


def refused(token: str, actor: Actor, days: int = 0) -> str:
    with pytest.raises(Refusal) as caught:
        accept_invitation(token, actor=actor, now=NOW + timedelta(days=days))
    return caught.value.code.name


def test_a_seat_and_only_once(bo: Shop, ann_actor: Actor, other_actor: Actor) -> None:
    token, _ = invite(bo)
    assert accept_invitation(token, actor=ann_actor, now=NOW) == bo.merchant
    assert dict(Staff.objects.values_list("person_id", "role"))[ann_actor.person_id or 0] == "clerk"
    assert refused(token, other_actor) == "invitation_over"
    assert Staff.objects.count() == 2


def test_refusals(bo: Shop, ann_actor: Actor) -> None:
    token, key = invite(bo)
    assert refused(token, NOBODY) == "sign_in"
    assert refused("x" + token, ann_actor) == "invitation_over"
    assert refused(token, ann_actor, days=7) == "invitation_over"
    assert refused(token, bo.actor) == "already_staff"
    withdraw_invitation(bo.merchant.pk, key, actor=bo.actor, now=NOW)
    assert refused(token, ann_actor) == "invitation_over"
    assert Staff.objects.count() == 1
