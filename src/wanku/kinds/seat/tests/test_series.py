"""Departures that repeat, over any calendar and any zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.series import Series, at_wall, days_of, moments

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
walls = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(day=days, wall=walls, zone=st.sampled_from(ZONES))
@settings(max_examples=300, deadline=None)
def test_clocks_of_the_place_show_the_wall_time_unless_they_skip_it(day: date, wall: time, zone: str) -> None:
    moment = at_wall(day, wall, zone)
    shown = moment.astimezone(ZoneInfo(zone))
    if (shown.date(), shown.time()) == (day, wall):
        return
    # Skipped: no moment shows it, and what is taken is later by what was skipped (a whole day in Samoa, 2011).
    asked = datetime.combine(day, wall)
    late = shown.replace(tzinfo=None) - asked
    assert timedelta(0) < late <= timedelta(days=1)
    around = (moment + timedelta(minutes=m) for m in range(-180, 181))
    assert all(each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != asked for each in around)


@given(
    day=days,
    length=st.integers(0, 60),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(ZONES),
)
@settings(max_examples=200, deadline=None)
def test_a_series_leaves_once_on_each_of_its_days(day: date, length: int, weekdays: frozenset[int], zone: str) -> None:
    told = Series(day, day + timedelta(days=length), time(9, 30), time(18, 0), weekdays=weekdays)
    wanted = [day + timedelta(days=n) for n in range(length + 1) if (day + timedelta(days=n)).weekday() in weekdays]
    assert list(days_of(told)) == wanted
    if wanted:
        found = moments(told, zone, zone)
        assert [start.astimezone(ZoneInfo(zone)).date() for start, _ in found] == wanted
        assert {start.astimezone(ZoneInfo(zone)).time() for start, _ in found} == {time(9, 30)}
        assert all(start.tzinfo is UTC and start < end for start, end in found)


def test_across_the_change_of_the_clocks_the_wall_time_stays() -> None:
    """Berlin, end of March 2027: 8 in the morning is 7 UTC on Saturday and 6 UTC on Sunday."""
    found = moments(Series(date(2027, 3, 27), date(2027, 3, 28), time(8), time(10)), "Europe/Berlin", "Europe/Berlin")
    assert [start.hour for start, _ in found] == [7, 6]


def test_a_night_that_is_an_hour_longer() -> None:
    """The night train of 30 October 2027 is under way an hour longer than the clocks say."""
    [(start, end)] = moments(
        Series(date(2027, 10, 30), date(2027, 10, 30), time(22), time(6), days=1), "Europe/Berlin", "Europe/Berlin"
    )
    assert end - start == timedelta(hours=9)


def test_a_time_that_is_skipped_is_an_hour_later_and_a_repeated_one_is_the_first() -> None:
    assert at_wall(date(2027, 3, 28), time(2, 30), "Europe/Berlin") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert at_wall(date(2027, 10, 31), time(2, 30), "Europe/Berlin") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_from_zone_to_zone_over_new_year_and_the_date_line() -> None:
    """Tokyo to Honolulu leaves in the evening of New Year's Eve and arrives in the morning of the same day."""
    [(start, end)] = moments(
        Series(date(2026, 12, 31), date(2026, 12, 31), time(21), time(9)), "Asia/Tokyo", "Pacific/Honolulu"
    )
    assert (start, end) == (datetime(2026, 12, 31, 12, tzinfo=UTC), datetime(2026, 12, 31, 19, tzinfo=UTC))
    [(start, end)] = moments(
        Series(date(2027, 1, 1), date(2027, 1, 1), time(1), time(13), days=-1), "Asia/Tokyo", "Pacific/Honolulu"
    )
    assert end - start == timedelta(hours=7)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Series(date(2027, 1, 2), date(2027, 1, 1), time(8), time(9)), "last"),
        (Series(date(2027, 1, 1), date(2029, 6, 1), time(8), time(9)), "last"),
        (Series(date(2027, 1, 1), date(2028, 12, 1), time(8), time(9)), "last"),
        (Series(date(2027, 1, 1), date(2027, 1, 1), time(8), time(9), days=181), "days"),
        (Series(date(2027, 1, 1), date(2027, 1, 1), time(8), time(9), days=-2), "days"),
        # A Friday.
        (Series(date(2027, 1, 1), date(2027, 1, 1), time(8), time(9), weekdays={5}), "weekdays"),
    ],
    ids=["backwards", "too long", "too many", "too late", "too early", "no such day"],
)
def test_refusals(told: Series, field: str) -> None:
    with pytest.raises(Refusal) as no:
        moments(told, "Asia/Shanghai", "Asia/Shanghai")
    assert no.value.field == field
