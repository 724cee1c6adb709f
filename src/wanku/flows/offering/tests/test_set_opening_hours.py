"""Opening hours and special days."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from tests.cast import Shop
from tests.kitchen import LUNCH, kitchen_of, open_kitchen
from wanku.flows.offering.set_opening_hours import set_opening_hours
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.hours import Hours, Special
from wanku.kinds.meal.load import load_kitchens
from wanku.kinds.meal.models import Opening, SpecialDay

NIGHT = {4: (Hours(time(18), time(2)),)}
NEW_YEAR = Special(date(2026, 12, 31), date(2027, 1, 2), None, "元旦")


def test_hours_are_replaced_and_their_quarters_opened(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    set_opening_hours(bo.merchant.pk, NIGHT, [NEW_YEAR], actor=bo.actor, now=LUNCH)
    calendar = load_kitchens([bo.merchant.pk])[bo.merchant.pk].calendar
    assert list(calendar.week) == [4]
    assert calendar.special == (NEW_YEAR,)
    keys = Supply.objects.filter(key__startswith="kitchen:").order_by("key").values_list("key", flat=True)
    assert len(keys) == 32
    assert keys[0].endswith("2026-11-13T10:00Z")


def test_what_was_sold_stands(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    open_kitchen(bo.merchant)
    before = list(Supply.objects.values_list("key", "free"))
    set_opening_hours(bo.merchant.pk, {}, [], actor=bo.actor, now=LUNCH)
    assert list(Supply.objects.values_list("key", "free")) == before


def test_days_long_past_are_dropped(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    long_past = Special(date(2025, 1, 1), date(2025, 1, 2), None)
    set_opening_hours(bo.merchant.pk, NIGHT, [long_past], actor=bo.actor, now=LUNCH)
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize(
    ("week", "special", "field"),
    [
        ({0: (Hours(time(1), time(2)),) * 4}, [], "week.0"),
        ({9: ()}, [], "week.9"),
        ({}, [Special(date(2026, 12, 2), date(2026, 12, 1), None)], "special.0.last"),
        ({}, [Special(date(2026, 12, 2), date(2026, 12, 2) + timedelta(days=400), None)], "special.0.last"),
        ({}, [Special(date(2026, 12, 2), date(2026, 12, 2), None, "x" * 61)], "special.0.note"),
        ({}, [NEW_YEAR] * 61, "special"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_changes(bo: Shop, week: Any, special: Any, field: str) -> None:
    kitchen_of(bo.merchant)
    with pytest.raises(Refusal) as no:
        set_opening_hours(bo.merchant.pk, week, special, actor=bo.actor, now=LUNCH)
    assert no.value.field == field
    assert Opening.objects.count() == 7


def test_a_kitchen_and_its_own_desk_are_needed(bo: Shop, cy: Shop) -> None:
    for shop, actor, code in ((bo, bo.actor, "no_menu"), (bo, cy.actor, "not_allowed")):
        with pytest.raises(Refusal) as no:
            set_opening_hours(shop.merchant.pk, NIGHT, [], actor=actor, now=LUNCH)
        assert no.value.code.name == code
    assert not Opening.objects.exists()
