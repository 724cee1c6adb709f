"""When somebody works: wall clocks, nights, and the days on which clocks move."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from wanku.kinds.visit.hours import QUARTER, Roster, moment_of, quarter_of, quarters_of, worked
from wanku.kinds.visit.tests.rosters import BERLIN, NINE_TO_SIX, SHANGHAI

SPRING = date(2027, 3, 28)
AUTUMN = date(2026, 10, 25)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo")


def shown(quarters: frozenset[int], zone: ZoneInfo) -> list[str]:
    return [f"{moment_of(quarter, zone):%d %H:%M}" for quarter in sorted(quarters)]


def test_a_day_without_the_break() -> None:
    found = shown(worked(NINE_TO_SIX, date(2026, 11, 12), SHANGHAI), SHANGHAI)
    assert found[0] == "12 09:00" and found[-1] == "12 17:45"
    assert "12 11:45" in found and "12 12:00" not in found and "12 12:45" not in found and "12 13:00" in found
    assert len(found) == 32


def test_a_day_has_as_many_quarters_as_its_clock_shows() -> None:
    assert len(quarters_of(date(2026, 11, 12), BERLIN)) == 96
    assert len(quarters_of(SPRING, BERLIN)) == 92
    assert len(quarters_of(AUTUMN, BERLIN)) == 100
    # In Lord Howe the clock moves by half an hour; in Cairo midnight itself is skipped.
    assert len(quarters_of(date(2026, 10, 4), ZoneInfo("Australia/Lord_Howe"))) == 94
    cairo = quarters_of(date(2026, 4, 24), ZoneInfo("Africa/Cairo"))
    assert len(cairo) == 92 and cairo[0][1] == 60


def test_a_skipped_hour_is_not_worked_and_a_doubled_one_twice() -> None:
    night = Roster({6: ((60, 240),)})
    spring = shown(worked(night, SPRING, BERLIN), BERLIN)
    assert spring == [f"28 {h:02}:{m:02}" for h in (1, 3) for m in (0, 15, 30, 45)]
    autumn = worked(night, AUTUMN, BERLIN)
    assert len(autumn) == 16
    assert shown(autumn, BERLIN).count("25 02:30") == 2


def test_a_night_that_ends_past_midnight_belongs_to_the_day_it_began() -> None:
    friday = date(2026, 11, 13)
    late = Roster({4: ((20 * 60, 26 * 60),)}, absences=((date(2026, 11, 14), date(2026, 11, 20)),))
    assert shown(worked(late, friday, SHANGHAI), SHANGHAI)[0] == "13 20:00"
    assert shown(worked(late, friday + timedelta(days=1), SHANGHAI), SHANGHAI)[-1] == "14 01:45"
    assert not worked(late, friday + timedelta(days=7), SHANGHAI)


def test_single_days_and_days_off_over_new_year() -> None:
    new_year = date(2027, 1, 1)
    roster = Roster(
        NINE_TO_SIX.week,
        NINE_TO_SIX.breaks,
        special={date(2026, 12, 31): ((540, 780),), new_year + timedelta(days=3): ()},
        absences=((new_year, new_year + timedelta(days=1)),),
    )
    # A single day's hours have no breaks but those that they leave out.
    assert shown(worked(roster, date(2026, 12, 31), SHANGHAI), SHANGHAI)[-1] == "31 12:45"
    assert not worked(roster, new_year, SHANGHAI) and not worked(roster, new_year + timedelta(days=1), SHANGHAI)
    assert len(worked(roster, new_year + timedelta(days=2), SHANGHAI)) == 32
    assert not worked(roster, new_year + timedelta(days=3), SHANGHAI)


def test_a_moment_between_quarters_is_none() -> None:
    moment = datetime(2026, 11, 11, 2, 15, tzinfo=UTC)
    assert quarter_of(moment) == int(moment.timestamp()) // QUARTER
    assert quarter_of(moment + timedelta(seconds=1)) is None


@settings(max_examples=150)
@given(
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
    st.integers(0, 1439),
    st.integers(15, 720),
)
def test_a_quarter_is_worked_exactly_when_the_clock_shows_it(name: str, day: date, opens: int, length: int) -> None:
    zone = ZoneInfo(name)
    roster = Roster(dict.fromkeys(range(7), ((opens, opens + length),)))
    working = worked(roster, day, zone)
    for quarter, minute in quarters_of(day, zone):
        here = moment_of(quarter, zone)
        assert (here.date(), here.hour * 60 + here.minute) == (day, minute)
        expected = opens <= minute < opens + length or opens <= minute + 1440 < opens + length
        assert (quarter in working) == expected
    # Dates lie one behind the other without a gap and without a quarter in two of them.
    tomorrow = quarters_of(day + timedelta(days=1), zone)
    assert quarters_of(day, zone)[-1][0] + 1 == tomorrow[0][0]
