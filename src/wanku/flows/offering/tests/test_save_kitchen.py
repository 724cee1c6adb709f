"""Setting up a kitchen."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from tests.cast import Shop
from tests.kitchen import LUNCH
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.offering.save_kitchen import save_kitchen
from wanku.flows.offering.set_opening_hours import set_opening_hours
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.hours import Hours
from wanku.kinds.meal.models import Kitchen
from wanku.kinds.meal.rules import KitchenData

DATA = KitchenData(capacity=6, prepare_minutes=20, ahead_days=1, delivers=True, hands_out=True, serves=False)
WEEK = {day: (Hours(time(11), time(12)),) for day in range(7)}


def test_a_new_capacity_counts_from_now_on(bo: Shop) -> None:
    save_kitchen(bo.merchant.pk, DATA, actor=bo.actor, now=LUNCH)
    set_opening_hours(bo.merchant.pk, WEEK, [], actor=bo.actor, now=LUNCH)
    quarters = Supply.objects.filter(key__startswith=f"kitchen:{bo.merchant.pk}:").order_by("key")
    assert {supply.free for supply in quarters} == {6}
    taken = quarters[2]
    Supply.objects.filter(pk=taken.pk).update(free=1, sold=5)

    save_kitchen(bo.merchant.pk, replace(DATA, capacity=4), actor=bo.actor, now=LUNCH)

    after = Supply.objects.get(pk=taken.pk)
    assert (after.free, after.sold, after.put_in) == (0, 5, 5)
    assert {s.free for s in quarters.exclude(pk=taken.pk).filter(key__gte=f"kitchen:{bo.merchant.pk}:2026-11-12")} == {
        4
    }
    assert Act.objects.filter(verb="save_kitchen").count() == 2


@pytest.mark.parametrize(
    ("field", "value"), [("capacity", 0), ("prepare_minutes", 241), ("ahead_days", 15), ("delivers", False)]
)
def test_what_is_wrong_is_named_and_nothing_stored(bo: Shop, field: str, value: int) -> None:
    change: dict[str, Any] = {field: value}
    data = replace(DATA, hands_out=field != "delivers", **change)
    with pytest.raises(Refusal) as no:
        save_kitchen(bo.merchant.pk, data, actor=bo.actor, now=LUNCH)
    assert no.value.field == field
    assert not Kitchen.objects.exists()


def test_only_its_own_shop(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    for actor in (cy.actor, ann_actor, Actor()):
        with pytest.raises(Refusal) as no:
            save_kitchen(bo.merchant.pk, DATA, actor=actor, now=LUNCH)
        assert no.value.code.status in (401, 403)
    assert not Kitchen.objects.exists()
