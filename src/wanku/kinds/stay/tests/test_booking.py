"""From chosen dates to what they cost and take."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.booking import StayChoice, moment, pick_stay
from wanku.kinds.stay.kind import Stay
from wanku.kinds.stay.prices import ONE_DAY, StayFacts, nights_between, supply_key
from wanku.kinds.stay.tests.houses import NOTICE, facts_of, night_of, pick_of, room_facts_of, season_of

WEDNESDAY = date(2026, 11, 11)
NEW_YEARS_EVE = date(2026, 12, 31)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu")


def amounts(facts: StayFacts, first: date, nights: int, **asked: Any) -> list[tuple[str, int]]:
    return [(part.code, part.amount) for part in pick_of(facts, first, nights, **asked).parts]


def refused(facts: StayFacts, first: date, nights: int = 1, **asked: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        pick_of(facts, first, nights, **asked)
    return caught.value.code.name, caught.value.field


def test_each_night_has_its_price_and_its_counter() -> None:
    pick = pick_of(facts_of(), WEDNESDAY, 4)
    assert [(part.amount, part.facts["date"]) for part in pick.parts] == [
        (50_000, "2026-11-11"),
        (50_000, "2026-11-12"),
        (60_000, "2026-11-13"),
        (60_000, "2026-11-14"),
    ]
    assert pick.unit_price == 220_000
    [way] = pick.ways
    assert way.demand == {f"night:7:2026-11-{day}": 1 for day in (11, 12, 13, 14)}
    assert way.choice == {
        "check_in": "2026-11-11",
        "check_out": "2026-11-15",
        "adults": 2,
        "children": 0,
        "zone": "Asia/Shanghai",
        "from": "15:00",
        "until": "12:00",
        "address": "北山街 1 号",
        "meal": "breakfast",
    }
    assert pick.together is None
    assert pick.terms["cancellation"] == list(NOTICE)


def test_rooms_take_more_of_each_night_at_the_same_unit_price() -> None:
    one, three = pick_of(facts_of(), WEDNESDAY, 2), pick_of(facts_of(), WEDNESDAY, 2, rooms=3)
    assert one.unit_price == three.unit_price
    assert set(three.ways[0].demand.values()) == {3}


def test_a_date_goes_before_a_season_before_a_weekday() -> None:
    friday, saturday, sunday = (date(2026, 11, day) for day in (13, 14, 15))
    room = room_facts_of(
        seasons=(season_of(friday, saturday, 80_000),), nights={saturday: night_of(99_900), sunday: night_of()}
    )
    assert [room.price_of(day) for day in (WEDNESDAY, friday, saturday, sunday)] == [50_000, 80_000, 99_900, 50_000]


def test_a_rate_changes_the_price_of_the_room() -> None:
    assert facts_of(percent_bp=-1000, plus=3_000).night_price(WEDNESDAY) == 48_000
    assert facts_of(plus=-90_000).night_price(WEDNESDAY) == 1


@pytest.mark.parametrize(
    ("adults", "children", "expected"),
    [
        (1, 1, []),
        (2, 1, [("extra_children", 10_000)]),
        (3, 0, [("extra_adults", 20_000)]),
        (3, 1, [("extra_adults", 20_000), ("extra_children", 10_000)]),
        (1, 3, [("extra_children", 20_000)]),
    ],
)
def test_guests_beyond_those_included_pay_per_night(
    adults: int, children: int, expected: list[tuple[str, int]]
) -> None:
    assert amounts(facts_of(), WEDNESDAY, 2, adults=adults, children=children)[2:] == expected


def test_a_long_stay_takes_the_longest_row_that_fits_and_only_off_the_nights() -> None:
    facts = facts_of(room_facts_of(tariff=facts_of().room.tariff), long_stays=((3, 500), (7, 1_000)))
    assert amounts(facts, WEDNESDAY, 2) == [("night", 50_000)] * 2
    assert amounts(facts, WEDNESDAY, 3, adults=3)[-2:] == [("extra_adults", 30_000), ("long_stay", -8_000)]
    assert amounts(facts, WEDNESDAY, 7)[-1] == ("long_stay", -37_000)


def test_refusals() -> None:
    room = room_facts_of(
        nights={date(2026, 11, 20): night_of(closed=True), date(2026, 11, 30): night_of(least=3)},
        seasons=(season_of(date(2026, 12, 24), date(2026, 12, 31), 90_000, 2),),
    )
    facts = facts_of(room, max_nights=5)
    for first, nights, asked, told in (
        (WEDNESDAY, 0, {}, ("stay_no_night", "choice.check_out")),
        (WEDNESDAY, -3, {}, ("stay_no_night", "choice.check_out")),
        (date(2026, 11, 10), 2, {}, ("stay_past", "choice.check_in")),
        (WEDNESDAY, 6, {}, ("stay_too_long", "choice.check_out")),
        (date(2026, 11, 30), 2, {}, ("stay_too_short", "choice.check_out")),
        (date(2026, 12, 24), 1, {}, ("stay_too_short", "choice.check_out")),
        (WEDNESDAY, 1, {"adults": 4, "children": 1}, ("stay_guests", "choice.adults")),
        (date(2026, 11, 19), 2, {}, ("stay_closed", "choice.check_in")),
    ):
        assert refused(facts, first, nights, **asked) == told
    # A closed day is one to leave on.
    assert pick_of(facts, date(2026, 11, 19), 1).unit_price == 50_000


def test_tonight_can_be_had_until_midnight_at_the_house() -> None:
    late = datetime(2026, 11, 11, 15, 59, tzinfo=UTC)
    assert pick_of(facts_of(), WEDNESDAY, now=late).unit_price == 50_000
    assert refused(facts_of(), WEDNESDAY, now=late + timedelta(minutes=1)) == ("stay_past", "choice.check_in")


def test_over_new_year() -> None:
    pick = pick_of(facts_of(), NEW_YEARS_EVE - ONE_DAY, 3)
    assert list(pick.ways[0].demand) == ["night:7:2026-12-30", "night:7:2026-12-31", "night:7:2027-01-01"]
    assert pick.starts_at == datetime(2026, 12, 30, 7, tzinfo=UTC)
    assert pick.ends_at == datetime(2027, 1, 2, 4, tzinfo=UTC)


def test_over_the_change_of_clocks() -> None:
    # In New York the clocks go forward on 14 March 2027 and back on 7 November 2027.
    facts = facts_of(zone="America/New_York")
    spring = pick_of(facts, date(2027, 3, 13), 2)
    assert spring.starts_at == datetime(2027, 3, 13, 20, tzinfo=UTC)
    assert spring.ends_at == datetime(2027, 3, 15, 16, tzinfo=UTC)
    autumn = pick_of(facts, date(2027, 11, 6), 1)
    assert autumn.starts_at == datetime(2027, 11, 6, 19, tzinfo=UTC)
    assert autumn.ends_at == datetime(2027, 11, 7, 17, tzinfo=UTC)
    assert len(spring.parts) == 2
    assert len(autumn.parts) == 1


def test_a_wall_time_that_the_clocks_skip() -> None:
    assert moment(date(2027, 3, 14), time(2, 30), "America/New_York") == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


# Machines that do much else at once draw slowly; that is no fault of the stays.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    first=st.dates(date(2026, 11, 13), date(2030, 12, 31)),
    nights=st.integers(1, 30),
    zone=st.sampled_from(ZONES),
    adults=st.integers(1, 4),
    specials=st.dictionaries(st.dates(date(2026, 11, 13), date(2031, 1, 31)), st.integers(1, 500_000), max_size=8),
)
def test_any_stay_adds_up(first: date, nights: int, zone: str, adults: int, specials: dict[date, int]) -> None:
    room = room_facts_of(nights={day: night_of(price) for day, price in specials.items()})
    facts = facts_of(room, zone=zone, long_stays=((7, 1_000),))
    pick = pick_of(facts, first, nights, adults=adults)
    days = nights_between(first, first + nights * ONE_DAY)
    assert pick.unit_price == sum(part.amount for part in pick.parts) > 0
    assert [part.facts["date"] for part in pick.parts if part.code == "night"] == [day.isoformat() for day in days]
    assert set(pick.ways[0].demand) == {supply_key(7, day) for day in days}
    assert pick.starts_at is not None
    assert pick.ends_at is not None
    local_start, local_end = pick.starts_at.astimezone(ZoneInfo(zone)), pick.ends_at.astimezone(ZoneInfo(zone))
    assert (local_start.date(), local_start.time()) == (first, time(15))
    assert (local_end.date(), local_end.time()) == (days[-1] + ONE_DAY, time(12))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    a=st.dates(date(2027, 1, 1), date(2027, 3, 1)),
    b=st.dates(date(2027, 1, 1), date(2027, 3, 1)),
    long=st.integers(1, 20),
    short=st.integers(1, 20),
)
def test_two_stays_share_counters_exactly_where_they_share_nights(a: date, b: date, long: int, short: int) -> None:
    one, other = pick_of(facts_of(), a, long).ways[0].demand, pick_of(facts_of(), b, short).ways[0].demand
    overlap = max(0, (min(a + long * ONE_DAY, b + short * ONE_DAY) - max(a, b)).days)
    assert len(one.keys() & other.keys()) == overlap


def test_what_was_frozen_can_be_chosen_again() -> None:
    frozen = pick_of(facts_of(), WEDNESDAY, 2).ways[0].choice
    again = StayChoice.model_validate(Stay().asked(frozen))
    assert pick_stay(facts_of(), again, 1, currency="CNY", now=datetime(2026, 11, 11, tzinfo=UTC)).unit_price == 100_000
