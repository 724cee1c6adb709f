"""Who may have which key."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.access.find_key import find_key
from wanku.access.models import ApiKey
from wanku.audit.models import Act
from wanku.flows.integrating.create_key import KEYS_MAX, create_key
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import StaffRole

MINE: dict[str, Any] = {"name": " books ", "merchant_id": None, "scopes": ["trades.see", "trades.see"], "now": NOW}


def test_a_member_s_own_key(ann_actor: Actor) -> None:
    row, secret = create_key(**MINE, actor=ann_actor)
    assert (row.name, row.scopes, row.merchant_id) == ("books", ["trades.see"], None)
    assert secret.startswith("wk_")
    assert secret not in str(ApiKey.objects.values())
    found = find_key(secret, now=NOW)
    assert found is not None
    assert found.pk == row.pk
    assert Act.objects.get().facts == {"prefix": row.prefix, "scopes": ["trades.see"]}


def test_an_owner_s_key_for_the_desk(bo: Shop) -> None:
    row, _ = create_key(**{**MINE, "merchant_id": bo.merchant.pk, "scopes": ["orders.see"]}, actor=bo.actor)
    assert row.merchant_id == bo.merchant.pk


@pytest.mark.django_db
def test_those_who_may_not(ann_actor: Actor, guest_actor: Actor, bo: Shop, cy: Shop) -> None:
    desk = {**MINE, "merchant_id": bo.merchant.pk, "scopes": ["orders.see"]}
    clerk = replace(bo.actor, seats={bo.merchant.pk: StaffRole.CLERK.value})
    cases: list[tuple[dict[str, Any], Actor, str]] = [
        (MINE, guest_actor, "sign_in"),
        (MINE, replace(ann_actor, scopes=frozenset({"trades.see"})), "not_allowed"),
        (desk, ann_actor, "not_allowed"),
        (desk, clerk, "not_allowed"),
        (desk, cy.actor, "not_allowed"),
        ({**MINE, "name": " "}, ann_actor, "bad_value"),
        ({**MINE, "name": 61 * "x"}, ann_actor, "bad_value"),
        ({**MINE, "scopes": []}, ann_actor, "bad_value"),
        ({**MINE, "scopes": ["orders.see"]}, ann_actor, "bad_value"),
        ({**desk, "scopes": ["trades.see"]}, bo.actor, "bad_value"),
        ({**desk, "scopes": ["keys.edit"]}, bo.actor, "bad_value"),
    ]
    for call, actor, code in cases:
        with pytest.raises(Refusal, match=code):
            create_key(**call, actor=actor)
    assert not ApiKey.objects.exists()
    assert not Act.objects.exists()


def test_there_is_a_most(ann_actor: Actor) -> None:
    for _ in range(KEYS_MAX):
        create_key(**MINE, actor=ann_actor)
    with pytest.raises(Refusal, match="too_many_keys"):
        create_key(**MINE, actor=ann_actor)
    ApiKey.objects.filter(pk=ApiKey.objects.first().pk).update(revoked_at=NOW)  # type: ignore[union-attr]
    create_key(**MINE, actor=ann_actor)
