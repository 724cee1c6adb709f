"""What a dish costs and takes: pure."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from wanku.kernel.refusal import BAD_VALUE, Refusal
from wanku.kinds.kind import Chosen
from wanku.kinds.meal.choice import MealChoice
from wanku.kinds.meal.facts import (
    WAYS,
    DishFact,
    GroupFact,
    KitchenFact,
    MealFacts,
    OptionFact,
    ZoneFact,
    kitchen_key,
    portion_key,
)
from wanku.kinds.meal.hours import Calendar, Hours, Special
from wanku.kinds.meal.kind import MealKind
from wanku.kinds.meal.slots import day_sold
from wanku.kinds.pick import Pick
from wanku.kinds.registry import read_choice

KIND = MealKind()
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 11)
NOW = datetime(2026, 11, 11, 11, 31, tzinfo=SHANGHAI)
NOON = "2026-11-11T04:00Z"
ZONES = (
    ZoneFact("西湖", "浙江省", "杭州市", ("西湖区",), 500, 2000, 30),
    ZoneFact("全城", "浙江省", "杭州市", (), 1000, 4000, 50),
)
SPICE = GroupFact(1, "辣度", 1, 1, (OptionFact(11, "微辣"), OptionFact(12, "特辣", 100)))
EXTRAS = GroupFact(
    2, "加料", 0, 2, (OptionFact(21, "煎蛋", 300), OptionFact(22, "豆干", 200), OptionFact(23, "青菜", 200))
)
TEA = DishFact(8, "茶", portions=20)
COURSE = GroupFact(3, "饮料", 1, 1, (OptionFact(31, "茶", 0, TEA), OptionFact(32, "水")))
KITCHEN = KitchenFact(
    merchant_id=7,
    calendar=Calendar(SHANGHAI, {day: (Hours(time(11), time(21)),) for day in range(7)}),
    capacity=10,
    prepare_minutes=20,
    ahead_days=2,
    ways=frozenset(WAYS),
    zones=ZONES,
    tables={"token-a1": "A1"},
)


@dataclass(frozen=True)
class Offer:
    facts: Any
    variant_id: int = 1
    product_id: int = 9
    merchant_id: int = 7
    title: str = "番茄牛腩面"
    price: int = 2800
    currency: str = "CNY"
    extra: dict[str, Any] = field(default_factory=dict)


def facts(dish: DishFact | None = None, *groups: GroupFact, kitchen: KitchenFact = KITCHEN) -> MealFacts:
    return MealFacts(kitchen, dish or DishFact(9, "番茄牛腩面", portions=5), groups)


def pick(found: Any, quantity: int = 1, now: datetime = NOW, **choice: Any) -> Pick:
    return KIND.pick(Offer(found), MealChoice(**choice), quantity, now=now)


def refused(found: Any, **choice: Any) -> Refusal:
    with pytest.raises(Refusal) as no:
        pick(found, **choice)
    return no.value


def test_price_is_the_sum_of_its_parts_and_takes_quarter_and_portion() -> None:
    found = pick(facts(None, SPICE, EXTRAS), 2, at=NOON, options=[12, 21, 22])
    assert found.unit_price == 2800 + 100 + 300 + 200 == sum(part.amount for part in found.parts)
    at = datetime(2026, 11, 11, 4, tzinfo=UTC)
    assert found.ways[0].demand == {kitchen_key(7, at): 2, portion_key(9, TODAY): 2}
    assert (found.starts_at, found.ends_at) == (at, at + timedelta(minutes=15))
    assert found.together == (at, "delivery", "")
    assert found.ways[0].choice["told"] == ["特辣", "煎蛋", "豆干"]


def test_now_is_a_definite_quarter() -> None:
    found = pick(facts())
    assert found.starts_at == datetime(2026, 11, 11, 12, 0, tzinfo=SHANGHAI)
    assert found.ways[0].choice["at"] == NOON


def test_what_is_frozen_can_be_chosen_again() -> None:
    found = pick(facts(None, SPICE), at=NOON, options=[11])
    asked = KIND.asked(found.ways[0].choice)
    assert KIND.pick(Offer(facts(None, SPICE)), MealChoice(**asked), 1, now=NOW).ways == found.ways


def test_a_dish_without_limit_takes_the_kitchen_alone() -> None:
    found = pick(facts(DishFact(9, "面")), at=NOON)
    assert list(found.ways[0].demand) == ["kitchen:7:2026-11-11T04:00Z"]


def test_a_combo_takes_portions_of_its_courses() -> None:
    found = pick(facts(DishFact(9, "套餐"), COURSE), 3, at=NOON, options=[31])
    assert found.ways[0].demand[portion_key(8, TODAY)] == 3


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], "options_too_few"),
        ([11, 12], "options_too_many"),
        ([11, 21, 22, 23], "options_too_many"),
        ([11, 99], "bad_value"),
    ],
)
def test_options_must_fit(options: list[int], code: str) -> None:
    no = refused(facts(None, SPICE, EXTRAS), at=NOON, options=options)
    assert no.code.name == code
    assert (no.field or "").startswith("choice.options")


@pytest.mark.parametrize(
    ("at", "code", "following"),
    [
        ("2026-11-11T02:00Z", "kitchen_closed", "2026-11-11T12:00"),
        ("2026-11-11T03:15Z", "slot_too_soon", "2026-11-11T12:00"),
        ("2026-11-11T13:00Z", "kitchen_closed", "2026-11-12T11:00"),
        ("2026-11-14T04:00Z", "slot_too_far", ""),
    ],
)
def test_times_that_cannot_be_had_say_which_can(at: str, code: str, following: str) -> None:
    no = refused(facts(), at=at)
    assert (no.code.name, no.field) == (code, "choice.at")
    if following:
        assert no.facts["at"].astimezone(SHANGHAI).isoformat()[:16] == following


def test_a_time_that_was_offered_stays_good_for_a_quarter() -> None:
    assert pick(facts(), at="2026-11-11T03:45Z", now=NOW).starts_at == datetime(2026, 11, 11, 3, 45, tzinfo=UTC)


def test_now_while_it_is_closed_says_when_it_opens() -> None:
    night = datetime(2026, 11, 11, 22, 0, tzinfo=SHANGHAI)
    with pytest.raises(Refusal) as no:
        pick(facts(), now=night)
    assert no.value.code.name == "kitchen_closed"
    assert no.value.facts["at"] == datetime(2026, 11, 12, 11, 0, tzinfo=SHANGHAI)


def test_holidays_and_pauses_close() -> None:
    calendar = replace(KITCHEN.calendar, special=(Special(TODAY, TODAY, None),))
    assert refused(facts(kitchen=replace(KITCHEN, calendar=calendar)), at=NOON).code.name == "kitchen_closed"
    paused = replace(KITCHEN, paused_until=NOW + timedelta(hours=2))
    no = refused(facts(kitchen=paused), at=NOON)
    assert no.facts["at"] == datetime(2026, 11, 11, 13, 45, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("opens", "closes", "at", "day"),
    [
        (11, 21, (11, 10, 45), 11),
        (11, 21, (11, 14, 0), 11),
        (11, 21, (11, 20, 55), 11),
        (11, 21, (11, 23, 50), 11),
        (18, 2, (12, 1, 0), 11),
        (18, 2, (12, 1, 58), 11),
        (18, 2, (12, 13, 0), 12),
        (0, 0, (11, 23, 20), 11),
        (0, 0, (11, 23, 50), 12),
    ],
)
def test_what_is_sold_out_now_is_what_can_be_ordered_now(
    opens: int, closes: int, at: tuple[int, int, int], day: int
) -> None:
    hours = {weekday: (Hours(time(opens), time(closes)),) for weekday in range(7)}
    kitchen = replace(KITCHEN, calendar=Calendar(SHANGHAI, hours))
    now = datetime(2026, 11, *at, tzinfo=SHANGHAI)
    assert day_sold(kitchen, now) == date(2026, 11, day)
    paused = replace(kitchen, paused_until=now + timedelta(days=2))
    assert day_sold(paused, now) == date(2026, 11, day), "whoever pauses closes no day"


def test_sold_out_is_for_its_day_alone() -> None:
    off = DishFact(9, "面", off_on=TODAY)
    assert refused(facts(off), at=NOON).code.name == "dish_off"
    assert pick(facts(off), at="2026-11-12T04:00Z").starts_at is not None
    course = replace(COURSE, options=(OptionFact(31, "茶", 0, replace(TEA, off_on=TODAY)),))
    assert refused(facts(None, course), at=NOON, options=[31]).facts["title"] == "茶"


def test_at_the_table_only_with_its_token() -> None:
    found = pick(facts(), at=NOON, way="table", table="token-a1")
    assert found.together == (found.starts_at, "table", "token-a1")
    assert found.ways[0].choice["table_name"] == "A1"
    assert not KIND.wants_address(found.ways[0].choice)
    assert refused(facts(), at=NOON, way="table", table="guessed").code.name == "no_table"
    assert refused(facts(), at=NOON, way="table").code.name == "no_table"
    assert MealChoice(way="delivery", table="token-a1").table == ""


def test_a_way_that_is_not_offered() -> None:
    assert refused(facts(kitchen=replace(KITCHEN, ways=frozenset({"pickup"}))), at=NOON).code.name == "way_closed"


def test_not_on_a_menu() -> None:
    assert refused(None).code.name == "no_kitchen"


def test_a_full_quarter_names_the_next() -> None:
    found = pick(facts(), 2, at=NOON)
    first = found.otherwise[0]
    assert first.demand == {"kitchen:7:2026-11-11T04:15Z": 2, portion_key(9, TODAY): 2}
    assert first.refusal.facts["at"] == datetime(2026, 11, 11, 4, 15, tzinfo=UTC)
    assert [each.refusal.code.name for each in found.otherwise] == ["slot_full"] * 5 + ["dish_off"]


@pytest.mark.parametrize("at", ["soon", "2026-11-11T04:00", "2026-11-11T04:07Z", "2026-11-11", "9" * 400])
def test_times_are_quarters_with_an_offset(at: str) -> None:
    with pytest.raises(Refusal) as no:
        read_choice(KIND, f'{{"at": "{at}"}}')
    assert (no.value.code, no.value.field) == (BAD_VALUE, "choice.at")


def test_the_same_moment_is_the_same_choice() -> None:
    assert MealChoice(at="2026-11-11T12:00+08:00") == MealChoice(at=NOON)
    posted = MealChoice.model_validate({"options": {"17": "12", "2": ["21", ""]}})
    assert posted == MealChoice(options=(21, 12))


def chosen(amount: int, **choice: Any) -> Chosen:
    found = pick(facts(), at=NOON, **choice)
    return Chosen(Offer(facts()), found, found.ways[0].choice, 1, amount)


@pytest.mark.parametrize(
    ("district", "amount", "fee", "missing"),
    [("西湖区", 2000, 500, 0), ("西湖区", 1999, None, 1), ("滨江区", 4000, 1000, 0), ("滨江区", 3000, None, 1000)],
)
def test_zones_by_district(district: str, amount: int, fee: int | None, missing: int) -> None:
    address = {"province": "浙江省", "city": "杭州市", "district": district}
    if fee is not None:
        assert KIND.fee([chosen(amount)], address).amount == fee
        return
    with pytest.raises(Refusal) as no:
        KIND.fee([chosen(amount)], address)
    assert no.value.code.name == "below_minimum"
    assert no.value.facts["missing"].amount == missing


def test_outside_and_not_yet_known() -> None:
    with pytest.raises(Refusal) as no:
        KIND.fee([chosen(9000)], {"province": "上海市", "city": "上海市", "district": "徐汇区"})
    assert no.value.code.name == "outside"
    assert KIND.fee([chosen(1000), chosen(1000)], None).code == "zone_from"
    with pytest.raises(Refusal):
        KIND.fee([chosen(1000)], None)


def test_what_is_fetched_costs_nothing_to_bring() -> None:
    assert KIND.fee([chosen(100, way="pickup")], None).amount == 0


def test_words() -> None:
    frozen = pick(facts(None, SPICE), at=NOON, options=[12], way="table", table="token-a1").ways[0].choice
    assert "A1" in next(fact.value for fact in KIND.describe(frozen))
    assert "12:00" in KIND.brief(frozen)
    assert "特辣" in KIND.brief(frozen)
    assert KIND.explain("option", {"group": "辣度", "name": "特辣"}) == "辣度: 特辣"
