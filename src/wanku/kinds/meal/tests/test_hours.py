"""Hours on the clock of any place: past midnight, over changes of the clock, on special days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from wanku.kinds.meal.hours import DAY, QUARTER, Calendar, Hours, Special, ceil_quarter

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
EVENING = Hours(time(18), time(2))
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


def calendar(zone: ZoneInfo = SHANGHAI, hours: Hours = EVENING, special: tuple[Special, ...] = ()) -> Calendar:
    return Calendar(zone, dict.fromkeys(range(7), (hours,)), special)


def test_after_midnight_belongs_to_the_evening_before() -> None:
    bar = calendar()
    one_at_night = datetime(2026, 11, 14, 1, 0, tzinfo=SHANGHAI)
    assert bar.service_at(one_at_night) == date(2026, 11, 13)
    assert bar.service_now(one_at_night) == date(2026, 11, 13)
    assert bar.service_at(datetime(2026, 11, 14, 2, 0, tzinfo=SHANGHAI)) is None
    assert bar.service_now(datetime(2026, 11, 14, 2, 0, tzinfo=SHANGHAI)) == date(2026, 11, 14)


def test_the_last_quarter_ends_when_the_kitchen_closes() -> None:
    found = [at for at, _day in calendar().quarters(datetime(2026, 11, 13, 12, 0, tzinfo=SHANGHAI), 1)]
    assert found[0] == datetime(2026, 11, 13, 18, 0, tzinfo=SHANGHAI)
    assert found[-1] == datetime(2026, 11, 14, 1, 45, tzinfo=SHANGHAI)
    assert len(found) == 32


def test_new_year_has_no_gap() -> None:
    found = list(calendar().quarters(datetime(2026, 12, 31, 23, 0, tzinfo=SHANGHAI), 1))
    assert {day for _at, day in found} == {date(2026, 12, 31)}
    assert found[-1][0] == datetime(2027, 1, 1, 1, 45, tzinfo=SHANGHAI)


def test_clocks_put_forward_take_an_hour_and_back_give_one() -> None:
    night = calendar(BERLIN, Hours(time(22), time(4)))
    forward = list(night.quarters(datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN), 1))
    back = list(night.quarters(datetime(2026, 10, 24, 20, 0, tzinfo=BERLIN), 1))
    assert len(forward) == 5 * 4
    assert len(back) == 7 * 4
    assert forward[-1][0].astimezone(BERLIN).time() == time(3, 45)
    assert back[-1][0].astimezone(BERLIN).time() == time(3, 45)


def test_all_day_is_from_midnight_to_midnight() -> None:
    found = list(calendar(hours=Hours(time(0), time(0))).quarters(datetime(2026, 11, 13, tzinfo=SHANGHAI), 2))
    assert len(found) == 2 * 96


def test_special_days_count_before_the_week_and_the_last_one_first() -> None:
    closed = Special(date(2026, 11, 13), date(2026, 11, 15), None, "盘点")
    open_later = Special(date(2026, 11, 14), date(2026, 11, 14), Hours(time(20), time(22)))
    found = calendar(special=(closed, open_later))
    days = [day for _at, day in found.quarters(datetime(2026, 11, 13, 12, tzinfo=SHANGHAI), 4)]
    assert days == [date(2026, 11, 14)] * 8 + [date(2026, 11, 16)] * 32
    assert found.note_on(date(2026, 11, 13)) == "盘点"
    assert found.opens_next(datetime(2026, 11, 13, 12, tzinfo=SHANGHAI)) == datetime(2026, 11, 14, 20, tzinfo=SHANGHAI)


def test_never_open() -> None:
    assert Calendar(SHANGHAI).opens_next(datetime(2026, 11, 13, tzinfo=UTC)) is None


HOURS = st.builds(Hours, st.times(), st.times())
WEEK = st.dictionaries(st.integers(0, 6), st.lists(HOURS, max_size=2), max_size=7)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(zone=st.sampled_from(ZONES), week=WEEK, since=MOMENTS)
def test_quarters_agree_with_the_day_that_serves_them(zone: str, week: dict[int, list[Hours]], since: datetime) -> None:
    found = Calendar(ZoneInfo(zone), week)
    quarters = list(found.quarters(since, 4))
    moments = [at for at, _day in quarters]
    assert moments == sorted(set(moments))
    for at, day in quarters:
        assert at >= since
        assert at.minute % 15 == 0
        assert any(start <= at and at + QUARTER <= end for start, end in found.openings(day))
        local = at.astimezone(ZoneInfo(zone)).date()
        assert day in (local, local - DAY)


@given(zone=st.sampled_from(ZONES), week=WEEK, since=MOMENTS)
def test_an_opening_lasts_no_longer_than_a_day_and_the_hour_given_back(
    zone: str, week: dict[int, list[Hours]], since: datetime
) -> None:
    for start, end in Calendar(ZoneInfo(zone), week).openings(since.date()):
        assert timedelta(0) < end - start <= timedelta(hours=25)


@given(MOMENTS)
def test_the_next_quarter_is_near(at: datetime) -> None:
    found = ceil_quarter(at)
    assert timedelta(0) <= found - at < QUARTER
    assert found.minute % 15 == found.second == found.microsecond == 0
