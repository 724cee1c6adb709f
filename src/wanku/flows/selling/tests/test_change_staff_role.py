"""Roles change, the last owner stays."""

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.selling.change_staff_role import change_staff_role
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Staff
from wanku.people.models import Person

pytestmark = pytest.mark.django_db


def refused(shop: Shop, seat: int, role: str, actor: Actor | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        change_staff_role(shop.merchant.pk, seat, role=role, actor=actor or shop.actor, now=NOW)
    return caught.value.code.name


def test_roles(bo: Shop, cy: Shop, ann: Person) -> None:
    own = Staff.objects.get(merchant=bo.merchant)
    seat = Staff.objects.create(merchant=bo.merchant, person=ann, role="clerk", since=NOW)
    assert refused(bo, own.pk, "clerk") == "last_owner"
    assert refused(bo, seat.pk, "king") == "bad_value"
    assert refused(bo, seat.pk, "owner", cy.actor) == "not_allowed"
    assert refused(cy, seat.pk, "owner") == "not_found"
    assert refused(bo, seat.pk, "owner", Actor(person_id=ann.pk, seats={bo.merchant.pk: "clerk"})) == ("not_allowed")
    change_staff_role(bo.merchant.pk, seat.pk, role="owner", actor=bo.actor, now=NOW)
    change_staff_role(bo.merchant.pk, own.pk, role="finance", actor=bo.actor, now=NOW)
    assert dict(Staff.objects.filter(merchant=bo.merchant).values_list("pk", "role")) == {
        own.pk: "finance",
        seat.pk: "owner",
    }
    assert Act.objects.count() == 2
