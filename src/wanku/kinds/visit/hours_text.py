"""Hours as people write them: ``9:00-12:00, 13:00-18:00``."""

import re
from typing import Final

from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kinds.visit.hours import DAY_MINUTES, Window

NO_HOURS: Final = gettext_noop("Write hours like 09:00-12:00, 13:00-18:00; leave it empty for a day off.")
TEXT_MAX: Final = 200
_WINDOW: Final = re.compile(r"(\d{1,2})[:：.]?(\d{2})?\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})[:：.]?(\d{2})?")
_BETWEEN: Final = re.compile(r"[,，;；、]")


def read_hours(text: str, field: str) -> list[Window]:
    """Windows of a day; an end that is not behind its beginning is one of the next day.

    Raises:
        Refusal: ``bad_value``.
    """
    windows = []
    for part in (part.strip() for part in _BETWEEN.split(text[:TEXT_MAX])):
        if not part:
            continue
        found = _WINDOW.fullmatch(part)
        if found is None:
            raise Refusal(BAD_VALUE, field=field, problem=NO_HOURS)
        opens, closes = (_minute(found[at], found[at + 1]) for at in (1, 3))
        if opens is None or closes is None:
            raise Refusal(BAD_VALUE, field=field, problem=NO_HOURS)
        windows.append((opens, closes if closes > opens else closes + DAY_MINUTES))
    return windows


def _minute(hours: str, minutes: str | None) -> int | None:
    hour, minute = int(hours), int(minutes or 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 and hour * 60 + minute <= DAY_MINUTES else None
