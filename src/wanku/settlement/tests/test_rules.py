"""When windows close, when periods end, and what may be paid out: pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.settlement.rules import DAY_SECONDS, minimum, payable, period_ends, retry_seconds, window_closes

SHANGHAI = "Asia/Shanghai"
WEEK = 7 * DAY_SECONDS
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(
    [SHANGHAI, "UTC", "America/New_York", "Pacific/Kiritimati", "America/Sao_Paulo", "Africa/Cairo"]
)


def at(text: str) -> datetime:
    """A moment, as it is read in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(SHANGHAI))


@pytest.mark.parametrize("received", ["2026-11-11 00:00", "2026-11-11 10:00", "2026-11-11 23:59:59.999999"])
def test_days_count_from_the_day_after_receipt(received: str) -> None:
    """Received on the 11th at any hour: the 12th is the first of seven days, so it closes as the 19th begins."""
    assert window_closes(at(received), seconds=WEEK, zone=SHANGHAI) == at("2026-11-19 00:00")


def test_the_day_is_the_merchants() -> None:
    """Half past midnight in Shanghai is the day before in London."""
    received = at("2026-11-12 00:30")
    assert window_closes(received, seconds=WEEK, zone=SHANGHAI) == at("2026-11-20 00:00")
    assert window_closes(received, seconds=WEEK, zone="Europe/London") == datetime(2026, 11, 19, tzinfo=UTC)


def test_a_longer_promise_makes_it_longer() -> None:
    assert window_closes(at("2026-11-11 10:00"), seconds=WEEK, zone=SHANGHAI, longer_days=8) == at("2026-11-27 00:00")


def test_a_window_to_try_things_out_counts_from_the_moment() -> None:
    received = at("2026-11-11 10:00")
    assert window_closes(received, seconds=60, zone=SHANGHAI) == received + timedelta(minutes=1)
    assert window_closes(received, seconds=DAY_SECONDS, zone=SHANGHAI) == at("2026-11-13 00:00")


@given(moments, zones)
def test_a_window_is_never_shorter_than_its_days(received: datetime, zone: str) -> None:
    closes = window_closes(received, seconds=WEEK, zone=zone)
    assert timedelta(seconds=WEEK) < closes - received <= timedelta(seconds=WEEK) + timedelta(hours=25)


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        ("2026-11-11 10:00", "2026-11-12 00:00", "2026-11-16 00:00"),
        ("2026-11-12 00:00", "2026-11-13 00:00", "2026-11-16 00:00"),
        ("2026-11-15 23:59:59", "2026-11-16 00:00", "2026-11-16 00:00"),
        ("2026-11-16 00:00", "2026-11-17 00:00", "2026-11-23 00:00"),
    ],
)
def test_periods_end_at_midnight(now: str, daily: str, weekly: str) -> None:
    assert period_ends(at(now), period="daily", zone=SHANGHAI) == at(daily)
    assert period_ends(at(now), period="weekly", zone=SHANGHAI) == at(weekly)


def test_clocks_that_change_make_short_and_long_days() -> None:
    zone, where = "America/New_York", ZoneInfo("America/New_York")
    before = datetime(2026, 3, 8, 0, 0, tzinfo=where)
    assert period_ends(before.astimezone(UTC), period="daily", zone=zone) - before.astimezone(UTC) == timedelta(
        hours=23
    )
    autumn = datetime(2026, 11, 1, 0, 0, tzinfo=where).astimezone(UTC)
    assert period_ends(autumn, period="daily", zone=zone) - autumn == timedelta(hours=25)


@given(moments, zones, st.sampled_from(["daily", "weekly"]))
def test_a_period_ends_later_and_at_the_start_of_a_day(now: datetime, zone: str, period: str) -> None:
    end = period_ends(now, period=period, zone=zone)
    assert end > now
    local = end.astimezone(ZoneInfo(zone))
    # Where clocks jump at midnight, the day begins at one.
    assert (local.hour, local.minute) in ((0, 0), (1, 0))
    assert period == "daily" or local.weekday() == 0
    assert end - now <= timedelta(hours=25 if period == "daily" else 7 * 24 + 1)


@pytest.mark.parametrize(
    ("balance", "amount"), [(-1, 0), (0, 0), (999, 0), (1_000, 1_000), (1_001, 1_001), (10**12, 10**12)]
)
def test_neither_a_debt_nor_a_trifle_is_paid_out(balance: int, amount: int) -> None:
    assert payable(balance, "CNY") == amount
    assert minimum("CNY") == 1_000


def test_waits_double_up_to_six_hours() -> None:
    assert [retry_seconds(60, tries) for tries in (0, 1, 2, 3, 9, 10, 50)] == [60, 60, 120, 240, 15_360, 21_600, 21_600]
    assert retry_seconds(86_400, 5) == 86_400, "a platform that waits longer by its rule does so"
