"""When somebody works, in quarters of an hour since 1970 (UTC). Pure.

A quarter is worked when the shop's clock shows a time within the hours. So daylight saving needs no rule of its own:
an hour that the clock skips has no quarters, one that it shows twice has them twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

QUARTER: Final = 900
"""Seconds."""
DAY_MINUTES: Final = 24 * 60
Window = tuple[int, int]
"""From and to, minutes after midnight; to may lie behind the next midnight."""


@dataclass(frozen=True, slots=True)
class Roster:
    """When somebody works.

    Attributes:
        week, breaks: windows by day of the week, 0 is Monday.
        special: windows of single days, in place of the week's; breaks are not taken off.
        absences: first and last day.
    """

    week: Mapping[int, Sequence[Window]]
    breaks: Mapping[int, Sequence[Window]] = field(default_factory=dict)
    special: Mapping[date, Sequence[Window]] = field(default_factory=dict)
    absences: Sequence[tuple[date, date]] = ()

    def windows(self, day: date) -> Sequence[Window]:
        """The hours of a day, with breaks still in them."""
        if any(first <= day <= last for first, last in self.absences):
            return ()
        if day in self.special:
            return self.special[day]
        return self.week.get(day.weekday(), ())

    def pauses(self, day: date) -> Sequence[Window]:
        """The breaks of a day."""
        return () if day in self.special else self.breaks.get(day.weekday(), ())


def quarter_of(moment: datetime) -> int | None:
    """The quarter that begins at a moment, or none between two."""
    seconds = moment.timestamp()
    return int(seconds) // QUARTER if seconds % QUARTER == 0 else None


def moment_of(quarter: int, zone: ZoneInfo) -> datetime:
    """When a quarter begins, on the clock of a zone."""
    return datetime.fromtimestamp(quarter * QUARTER, tz=zone)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The date that the clock of a zone shows."""
    return moment.astimezone(zone).date()


@lru_cache(2048)
def quarters_of(day: date, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """Every quarter of a date with the minute after midnight that the clock shows: 96, or 92 and 100 when it moves."""
    first = _midnight(day, zone)
    last = _midnight(day + timedelta(days=1), zone)
    found = []
    for quarter in range(first, last):
        shown = moment_of(quarter, zone)
        found.append((quarter, shown.hour * 60 + shown.minute))
    return tuple(found)


def _midnight(day: date, zone: ZoneInfo) -> int:
    # Where midnight itself is skipped, this is the moment at which the clock moves.
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).timestamp()) // QUARTER


def worked(roster: Roster, day: date, zone: ZoneInfo) -> frozenset[int]:
    """The quarters of a date in which somebody works, those of the night before too."""
    own, breaks = roster.windows(day), roster.pauses(day)
    before = day - timedelta(days=1)
    late, late_breaks = roster.windows(before), roster.pauses(before)
    if not own and not any(closes > DAY_MINUTES for _, closes in late):
        return frozenset()
    return frozenset(
        quarter
        for quarter, minute in quarters_of(day, zone)
        if (_within(minute, own) and not _within(minute, breaks))
        or (_within(minute + DAY_MINUTES, late) and not _within(minute + DAY_MINUTES, late_breaks))
    )


def _within(minute: int, windows: Sequence[Window]) -> bool:
    return any(opens <= minute < closes for opens, closes in windows)


def worked_around(roster: Roster, day: date, zone: ZoneInfo) -> frozenset[int]:
    """`worked` of a date and the dates beside it, for what begins on it."""
    beside = (day - timedelta(days=1), day, day + timedelta(days=1))
    return frozenset().union(*(worked(roster, one, zone) for one in beside))


def fits(start: int, length: int, open_quarters: Collection[int]) -> bool:
    """Whether all quarters from ``start`` are open."""
    return all(quarter in open_quarters for quarter in range(start, start + length))
