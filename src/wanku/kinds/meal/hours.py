"""When a kitchen is open: pure, on the clock of the shop's zone, answered in moments that are the same everywhere.

A day of service is the day on which the kitchen opened. A bar that opens on Friday at 18:00 and closes at 02:00 serves
the portions of Friday until two in the morning of Saturday.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

QUARTER: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when on the shop's clock; closing at or before the opening is on the next day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Special:
    """Days with other hours, or without any."""

    first: date
    last: date
    hours: Hours | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """All hours of a shop. Of several special days that meet, the one that was entered last counts."""

    zone: ZoneInfo
    week: Mapping[int, Sequence[Hours]] = field(default_factory=dict)
    special: Sequence[Special] = ()

    def hours_on(self, day: date) -> Sequence[Hours]:
        """The hours that begin on a day."""
        for one in reversed(self.special):
            if one.first <= day <= one.last:
                return (one.hours,) if one.hours else ()
        return self.week.get(day.weekday(), ())

    def note_on(self, day: date) -> str:
        """Why a day differs, as the shop says it."""
        return next((one.note for one in reversed(self.special) if one.first <= day <= one.last), "")

    def openings(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The openings that begin on a day, as UTC; shorter where clocks are put forward meanwhile."""
        for hours in self.hours_on(day):
            ends_on = day + DAY if hours.closes <= hours.opens else day
            start, end = self._moment(day, hours.opens), self._moment(ends_on, hours.closes)
            if start < end:
                yield start, end

    def service_at(self, at: datetime) -> date | None:
        """The day of service of a quarter of an hour that begins at ``at``, or none while it is closed."""
        today = at.astimezone(self.zone).date()
        for day in (today - DAY, today):
            if any(start <= at and at + QUARTER <= end for start, end in self.openings(day)):
                return day
        return None

    def service_now(self, now: datetime) -> date:
        """The day whose portions are sold now: the one that is being served, else the one on the calendar."""
        today = now.astimezone(self.zone).date()
        yesterday = today - DAY
        return yesterday if any(start <= now < end for start, end in self.openings(yesterday)) else today

    def quarters(self, since: datetime, days: int) -> Iterator[tuple[datetime, date]]:
        """Quarters of an hour that begin at or after ``since``, in order, each with its day of service.

        Args:
            days: of service, counted from the one of ``since``; what was opened the evening before is in it.
        """
        first = since.astimezone(self.zone).date()
        last: datetime | None = None
        for offset in range(-1, days):
            day = first + offset * DAY
            for start, end in sorted(self.openings(day)):
                at = ceil_quarter(max(start, since))
                while at + QUARTER <= end:
                    # Of openings that overlap, a quarter belongs to the one that began first.
                    if last is None or at > last:
                        yield at, day
                        last = at
                    at += QUARTER

    def opens_next(self, now: datetime, days: int = 15) -> datetime | None:
        """When it is open next, or none within so many days."""
        return next((at for at, _day in self.quarters(now, days)), None)

    def _moment(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, tzinfo=self.zone).astimezone(UTC)


def ceil_quarter(at: datetime) -> datetime:
    """The first quarter of an hour that begins at or after a moment, as UTC."""
    at = at.astimezone(UTC)
    floor = at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
    return floor if floor == at else floor + QUARTER
