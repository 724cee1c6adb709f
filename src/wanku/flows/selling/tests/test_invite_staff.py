"""Offering seats."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.selling.invite_staff import invite_staff
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Invitation
from wanku.people.models import Person

pytestmark = pytest.mark.django_db


def refused(shop: Shop, email: str, role: str = "clerk", actor: Actor | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        invite_staff(shop.merchant.pk, email=email, role=role, actor=actor or shop.actor, now=NOW)
    return caught.value.code.name


def test_only_the_hash_is_kept(bo: Shop) -> None:
    made = invite_staff(bo.merchant.pk, email=" Kim@Example.com ", role="clerk", actor=bo.actor, now=NOW)
    row = Invitation.objects.get()
    assert row.email == "kim@example.com"
    assert row.expires_at == NOW + timedelta(days=7)
    assert made.token.encode() not in bytes(row.token_hash)
    assert len(bytes(row.token_hash)) == 32


def test_refusals(bo: Shop, cy: Shop, ann: Person) -> None:
    assert refused(bo, "no address") == "bad_value"
    assert refused(bo, "kim@example.com", role="king") == "bad_value"
    assert refused(bo, "bo@example.com") == "already_staff"
    assert refused(bo, "kim@example.com", actor=cy.actor) == "not_allowed"
    assert refused(bo, "kim@example.com", actor=replace(bo.actor, seats={bo.merchant.pk: "manager"})) == "not_allowed"
    assert refused(bo, "kim@example.com", actor=Actor()) == "sign_in"
    assert not Invitation.objects.exists()
    invite_staff(bo.merchant.pk, email="kim@example.com", role="clerk", actor=bo.actor, now=NOW)
    assert refused(bo, "KIM@example.com") == "already_invited"
    Invitation.objects.update(expires_at=NOW)
    invite_staff(bo.merchant.pk, email="kim@example.com", role="clerk", actor=bo.actor, now=NOW)
