"""Departures that repeat: the same wall time on every day, whatever daylight saving does to the clocks."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop

MANY_MAX: Final = 400
"""Departures that are made at once: a year of daily ones and some."""
DAYS_MAX: Final = 180
EVERY_DAY: Final = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Series:
    """When it leaves and arrives, on the clocks of the places.

    Attributes:
        first, last: days of the first departure and, at most, of the last, in the zone it leaves in.
        weekdays: 0 is Monday.
        leaves, arrives: wall times in the zones of start and end.
        days: how many calendar days later it arrives; negative by one across the date line.
    """

    first: date
    last: date
    leaves: time
    arrives: time
    days: int = 0
    weekdays: Collection[int] = EVERY_DAY


def moments(told: Series, zone_from: str, zone_to: str) -> list[tuple[datetime, datetime]]:
    """Start and end of each departure, in UTC.

    A wall time that a change of the clocks skips is taken an hour later, one that it repeats is the first of the two.

    Raises:
        Refusal: ``bad_value`` on ``first``, ``last``, ``weekdays`` or ``days``; for too many, or none at all.
    """
    if told.last < told.first:
        raise Refusal(BAD_VALUE, field="last", problem=gettext_noop("The last day is before the first."))
    if (told.last - told.first).days > 731:
        raise Refusal(BAD_VALUE, field="last", problem=gettext_noop("At most two years at once."))
    if not -1 <= told.days <= DAYS_MAX:
        raise Refusal(BAD_VALUE, field="days", problem=gettext_noop("From the day before to 180 days later."))
    found = [
        (at_wall(day, told.leaves, zone_from), at_wall(day + timedelta(days=told.days), told.arrives, zone_to))
        for day in days_of(told)
    ]
    if not found:
        raise Refusal(BAD_VALUE, field="weekdays", problem=gettext_noop("No such weekday lies between the two days."))
    if len(found) > MANY_MAX:
        raise Refusal(BAD_VALUE, field="last", problem=gettext_noop("At most 400 departures at once."))
    return found


def days_of(told: Series) -> Iterator[date]:
    """The days on which it leaves."""
    for step in range((told.last - told.first).days + 1):
        day = told.first + timedelta(days=step)
        if day.weekday() in told.weekdays:
            yield day


def at_wall(day: date, wall: time, zone: str) -> datetime:
    """The moment at which the clocks of a place show this, in UTC."""
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)
