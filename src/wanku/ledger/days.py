"""Days of the books: they begin and end in China, wherever a reader sits. Pure."""

from datetime import date, datetime, time, timedelta
from typing import Final

from wanku.kernel.ids import NUMBER_ZONE

ZONE: Final = NUMBER_ZONE
GRACE: Final = timedelta(hours=1)
"""A day is closed so long after its end, when nothing that began in it is under way any more."""


def day_of(at: datetime) -> date:
    """The day that a moment belongs to."""
    return at.astimezone(ZONE).date()


def begin_of(day: date) -> datetime:
    """Its first moment."""
    return datetime.combine(day, time.min, ZONE)


def end_of(day: date) -> datetime:
    """The first moment after it; the end of time for the last day there is."""
    return begin_of(day + timedelta(days=1)) if day < date.max else datetime.max.replace(tzinfo=ZONE)
