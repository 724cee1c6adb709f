"""When a promise is kept, told apart where clocks change."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from wanku.kinds.pick import Pick, Way

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
WINTER = SUMMER.replace(fold=1)
"""Half past two twice in the night in which the clocks go back."""


def kept(starts_at: datetime | None, ends_at: datetime | None = None) -> Pick:
    return Pick(unit_price=0, parts=(), ways=(Way({}, {}),), starts_at=starts_at, ends_at=ends_at)


def test_the_two_half_past_twos_are_an_hour_apart() -> None:
    assert SUMMER == WINTER  # What Python thinks of them.
    first, second = kept(SUMMER), kept(WINTER)
    assert first != second
    assert first.starts_at is not None
    assert second.starts_at is not None
    assert second.starts_at - first.starts_at == timedelta(hours=1)
    assert second.starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_hour_over_the_change_is_an_hour() -> None:
    pick = kept(SUMMER, WINTER)
    assert pick.starts_at is not None
    assert pick.ends_at is not None
    assert pick.ends_at > pick.starts_at
    assert pick.ends_at - pick.starts_at == timedelta(hours=1)


def test_any_zone_becomes_utc_and_no_time_stays_none() -> None:
    pick = kept(datetime(2026, 3, 29, 3, tzinfo=timezone(timedelta(hours=8))))
    assert pick.starts_at is not None
    assert pick.starts_at.tzinfo is UTC
    assert (pick.starts_at.hour, pick.ends_at) == (19, None)


@pytest.mark.parametrize("naive", ["starts_at", "ends_at"])
def test_a_time_without_a_zone_is_a_mistake(naive: str) -> None:
    times = {"starts_at": SUMMER, "ends_at": WINTER} | {naive: SUMMER.replace(tzinfo=None)}
    with pytest.raises(ValueError, match="2026"):
        kept(**times)
