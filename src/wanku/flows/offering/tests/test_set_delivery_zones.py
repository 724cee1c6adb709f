"""Delivery zones."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Shop
from tests.kitchen import LUNCH, kitchen_of
from wanku.flows.offering.set_delivery_zones import set_delivery_zones
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.load import load_kitchens
from wanku.kinds.meal.models import Zone
from wanku.kinds.meal.rules import ZoneData

NEAR = ZoneData(" 西湖 ", "浙江省", "杭州市", ("西湖区", "西湖区", " "), 600, 2500, 35)


def test_zones_are_replaced_in_order(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    set_delivery_zones(bo.merchant.pk, [NEAR, replace(NEAR, name="b", districts=())], actor=bo.actor, now=LUNCH)
    first, second = load_kitchens([bo.merchant.pk])[bo.merchant.pk].zones
    assert (first.name, first.districts, first.fee, first.minimum, first.minutes) == (
        "西湖",
        ("西湖区",),
        600,
        2500,
        35,
    )
    assert second.name == "b"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "zones.0.name"),
        ({"province": "Atlantis"}, "zones.0.province"),
        ({"city": "x" * 41}, "zones.0.city"),
        ({"fee": -1}, "zones.0.fee"),
        ({"minimum": 1_000_001}, "zones.0.minimum"),
        ({"minutes": 601}, "zones.0.minutes"),
        ({"districts": ("x" * 41,)}, "zones.0.districts"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_changes(bo: Shop, change: dict[str, Any], field: str) -> None:
    kitchen_of(bo.merchant)
    with pytest.raises(Refusal) as no:
        set_delivery_zones(bo.merchant.pk, [replace(NEAR, **change)], actor=bo.actor, now=LUNCH)
    assert no.value.field == field
    assert Zone.objects.count() == 2


def test_too_many_and_another_shop(bo: Shop, cy: Shop) -> None:
    kitchen_of(bo.merchant)
    for zones, actor in (([NEAR] * 31, bo.actor), ([NEAR], cy.actor)):
        with pytest.raises(Refusal):
            set_delivery_zones(bo.merchant.pk, zones, actor=actor, now=LUNCH)
    assert Zone.objects.count() == 2
