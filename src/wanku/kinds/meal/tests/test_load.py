"""What is read of a menu: complete, in a fixed number of statements, and as fresh as the shop's version."""

import uuid
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Shop, variant_of
from tests.kitchen import LUNCH, dish_of, kitchen_of, open_kitchen
from wanku.catalog.versions import versions_of_variants
from wanku.inventory.models import StockLog, Supply
from wanku.inventory.open_counters import level_counters, open_counters
from wanku.kinds.meal.facts import kitchen_key, portion_key
from wanku.kinds.meal.load import load_meals
from wanku.kinds.meal.models import Dish, Opening, Option, SpecialDay
from wanku.kinds.meal.show import show_meal

NOON = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 11)


def test_facts_of_a_whole_menu(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    dishes = [
        dish_of(bo.merchant, f"面{n}", portions=n, groups=[("辣度", 1, 1, [("微辣", 0), ("特辣", 100)])])
        for n in range(1, 6)
    ]
    variants = [variant_of(dish.product).pk for dish in dishes]
    with CaptureQueriesContext(
        connection,
    ) as one:
        load_meals(variants[:1])
    with CaptureQueriesContext(connection) as all_of_them:
        found = load_meals(variants)
    assert len(one) == len(all_of_them) == 9
    assert [found[variant].dish.portions for variant in variants] == [1, 2, 3, 4, 5]
    assert found[variants[0]].groups[0].options[1].price == 100
    assert found[variants[0]].kitchen.zones[0].districts == ("西湖区",)
    assert found[variants[0]].kitchen.tables == {f"table-{bo.merchant.pk}-a1": "A1"}


def test_without_a_kitchen_nothing_is_on_offer(bo: Shop) -> None:
    dish = dish_of(bo.merchant)
    assert load_meals([variant_of(dish.product).pk]) == {}


def test_every_change_touches_the_shop(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    dish = dish_of(bo.merchant, groups=[("辣度", 1, 1, [("微辣", 0)])])
    variant = variant_of(dish.product).pk

    def version() -> int:
        return versions_of_variants([variant])[bo.merchant.pk]

    before = version()
    for change in (
        lambda: Dish.objects.filter(pk=dish.pk).update(off_on=TODAY),
        lambda: Option.objects.update(price=100),
        lambda: Opening.objects.filter(weekday=2).delete(),
        lambda: SpecialDay.objects.create(merchant=bo.merchant, first=TODAY, last=TODAY),
    ):
        change()
        assert version() > before
        before = version()
    Dish.objects.filter(pk=dish.pk).update(off_on=TODAY)
    assert version() == before


def test_the_page_of_a_dish_shows_what_is_free(bo: Shop) -> None:
    kitchen_of(bo.merchant, capacity=3)
    dish = dish_of(bo.merchant, portions=4, groups=[("辣度", 1, 1, [("微辣", 0), ("特辣", 100)])])
    open_kitchen(bo.merchant)
    Supply.objects.filter(key=kitchen_key(bo.merchant.pk, NOON)).update(free=0, held=3)

    shown = show_meal(dish.pk, {}, now=LUNCH)

    assert shown["when"].at == "2026-11-11T04:15Z", "the earliest quarter that has a free place"
    assert shown["left"] == 4
    first = shown["when"].days[0][1]
    assert [(slot.label, slot.free) for slot in first[:3]] == [("12:00", 0), ("12:15", 3), ("12:30", 3)]
    assert [option["checked"] for option in shown["groups"][0]["options"]] == [True, False]
    assert "table" not in {way["value"] for way in shown["ways"]}
    again = show_meal(dish.pk, {"choice.options.1": "", "table": f"table-{bo.merchant.pk}-a1"}, now=LUNCH)
    assert again["when"].way == "table"
    assert again["when"].table_name == "A1"


def test_the_page_says_what_cannot_be_had(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    dish = dish_of(bo.merchant)
    open_kitchen(bo.merchant)
    Dish.objects.filter(pk=dish.pk).update(off_on=TODAY)
    assert show_meal(dish.pk, {}, now=LUNCH)["off"] is not None
    assert show_meal(dish.pk, {"at": "2026-11-12T04:00Z"}, now=LUNCH)["off"] is None
    night = LUNCH + timedelta(hours=12)
    assert show_meal(dish.pk, {}, now=night)["when"].problem.code.name == "kitchen_closed"
    SpecialDay.objects.create(merchant=bo.merchant, first=TODAY, last=TODAY + timedelta(days=9))
    assert show_meal(dish.pk, {}, now=LUNCH)["when"].soonest is None
    assert show_meal(0, {}, now=LUNCH) == {}


def test_counters_open_once_and_follow_new_levels(bo: Shop) -> None:
    kitchen_of(bo.merchant, capacity=3, ahead_days=0)
    dish = dish_of(bo.merchant, portions=5)
    open_kitchen(bo.merchant)
    count = Supply.objects.filter(key__startswith="kitchen:").count()
    logs = StockLog.objects.count()
    open_kitchen(bo.merchant)
    assert (Supply.objects.filter(key__startswith="kitchen:").count(), StockLog.objects.count()) == (count, logs)
    key = portion_key(dish.pk, TODAY)
    Supply.objects.filter(key=key).update(free=1, held=2, sold=2)

    level_counters(bo.merchant.pk, {key: 3, "portion:0:none": 9}, because="fewer", by_id=None, now=LUNCH)
    after = Supply.objects.get(key=key)
    assert (after.free, after.put_in) == (0, 4), "what is held and sold stays"
    level_counters(bo.merchant.pk, {key: 9}, because="more", by_id=None, now=LUNCH)
    after = Supply.objects.get(key=key)
    assert (after.free, after.put_in) == (5, 9)
    assert list(StockLog.objects.filter(supply=after).values_list("change", flat=True)) == [5, -1, 5]


def test_counters_of_another_shop_stay(bo: Shop, cy: Shop) -> None:
    kitchen_of(bo.merchant)
    key = f"kitchen:{uuid.UUID(int=7)}"
    open_counters(bo.merchant.pk, {key: 2}, because="x", by_id=None, now=LUNCH)
    assert level_counters(cy.merchant.pk, {key: 9}, because="x", by_id=None, now=LUNCH) == 0
    assert Supply.objects.get(key=key).put_in == 2
