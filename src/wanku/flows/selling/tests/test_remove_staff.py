"""Seats end; the last owner's does not."""

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.access.models import ApiKey
from wanku.flows.selling.remove_staff import remove_staff
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Staff
from wanku.people.models import Person

pytestmark = pytest.mark.django_db


def refused(shop: Shop, seat: int, actor: Actor) -> str:
    with pytest.raises(Refusal) as caught:
        remove_staff(shop.merchant.pk, seat, actor=actor, now=NOW)
    return caught.value.code.name


def test_seats_end_with_their_keys(bo: Shop, cy: Shop, ann: Person) -> None:
    own = Staff.objects.get(merchant=bo.merchant)
    seat = Staff.objects.create(merchant=bo.merchant, person=ann, role="clerk", since=NOW)
    key = ApiKey.objects.create(
        person_id=seat.person_id, merchant_id=bo.merchant.pk, name="x", prefix="x", key_hash=b"x", created_at=NOW
    )
    clerk = Actor(person_id=ann.pk, seats={bo.merchant.pk: "clerk"})
    assert refused(bo, own.pk, bo.actor) == "last_owner"
    assert refused(bo, own.pk, clerk) == "not_allowed"
    assert refused(bo, seat.pk, cy.actor) == "not_allowed"
    assert refused(cy, seat.pk, cy.actor) == "not_found"
    assert Staff.objects.filter(merchant=bo.merchant).count() == 2
    remove_staff(bo.merchant.pk, seat.pk, actor=bo.actor, now=NOW)
    assert list(Staff.objects.filter(merchant=bo.merchant)) == [own]
    key.refresh_from_db()
    assert key.revoked_at == NOW


def test_anyone_may_leave(bo: Shop, ann: Person) -> None:
    seat = Staff.objects.create(merchant=bo.merchant, person=ann, role="clerk", since=NOW)
    clerk = Actor(person_id=ann.pk, seats={bo.merchant.pk: "clerk"})
    remove_staff(bo.merchant.pk, seat.pk, actor=clerk, now=NOW)
    assert not Staff.objects.filter(pk=seat.pk).exists()
