"""The end of a key."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.access.find_key import find_key
from wanku.access.models import ApiKey
from wanku.audit.models import Act
from wanku.flows.integrating.create_key import create_key
from wanku.flows.integrating.revoke_key import revoke_key
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Staff, StaffRole
from wanku.people.models import Person


def test_one_s_own_key_ends_at_once(ann_actor: Actor) -> None:
    row, secret = create_key(name="books", merchant_id=None, scopes=["trades.see"], actor=ann_actor, now=NOW)
    for _ in range(2):
        revoke_key(row.pk, actor=ann_actor, now=NOW)
    assert find_key(secret, now=NOW) is None
    assert list(Act.objects.order_by("pk").values_list("verb", flat=True)) == ["key.create", "key.revoke"]


def test_an_owner_ends_the_keys_of_staff(bo: Shop, ann: Person) -> None:
    Staff.objects.create(merchant=bo.merchant, person=ann, role=StaffRole.OWNER, since=NOW)
    ann_at_bo = Actor(person_id=ann.pk, seats={bo.merchant.pk: StaffRole.OWNER.value})
    row, _ = create_key(name="erp", merchant_id=bo.merchant.pk, scopes=["orders.see"], actor=ann_at_bo, now=NOW)
    revoke_key(row.pk, actor=bo.actor, now=NOW)
    row.refresh_from_db()
    assert row.revoked_at == NOW


def test_those_who_may_not(ann_actor: Actor, guest_actor: Actor, other_actor: Actor, bo: Shop) -> None:
    row, _ = create_key(name="books", merchant_id=None, scopes=["trades.see"], actor=ann_actor, now=NOW)
    key = replace(ann_actor, scopes=frozenset({"trades.see"}))
    others = ((other_actor, "not_found"), (bo.actor, "not_found"))
    for actor, code in ((guest_actor, "sign_in"), (key, "not_allowed"), *others):
        with pytest.raises(Refusal, match=code):
            revoke_key(row.pk, actor=actor, now=NOW)
    with pytest.raises(Refusal, match="not_found"):
        revoke_key(row.pk + 1, actor=ann_actor, now=NOW)
    assert ApiKey.objects.get().revoked_at is None
