"""What a page was asked for: days, guests, rooms. Strange values mean that nothing was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from wanku.kinds.stay.booking import GUESTS_MAX, NIGHTS_MAX, StayChoice
from wanku.kinds.stay.prices import ONE_DAY

ROOMS_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Days and people as a page shows them; what was not asked for is a night from tomorrow for two."""

    check_in: date
    check_out: date
    adults: int
    children: int
    rooms: int
    given: bool

    @property
    def nights(self) -> int:
        """How many."""
        return (self.check_out - self.check_in).days

    @property
    def choice(self) -> StayChoice:
        """As the engine takes it."""
        return StayChoice(check_in=self.check_in, check_out=self.check_out, adults=self.adults, children=self.children)


def read_asked(typed: Mapping[str, str], *, zone: str, now: datetime, prefix: str = "choice.") -> Asked:
    """From the texts of an address.

    Args:
        zone: of the house, for what tomorrow is.
        prefix: of the names of days and guests; rooms are the line's ``quantity`` there, else ``rooms``.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    first, last = _day(typed.get(f"{prefix}check_in", "")), _day(typed.get(f"{prefix}check_out", ""))
    given = first is not None
    check_in = first or today + ONE_DAY
    check_out = last if last is not None and 1 <= (last - check_in).days <= NIGHTS_MAX else check_in + ONE_DAY
    return Asked(
        check_in=check_in,
        check_out=check_out,
        adults=_whole(typed.get(f"{prefix}adults", ""), 1, GUESTS_MAX, 2),
        children=_whole(typed.get(f"{prefix}children", ""), 0, GUESTS_MAX, 0),
        rooms=_whole(typed.get("quantity" if prefix else "rooms", ""), 1, ROOMS_MAX, 1),
        given=given,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # Calendars reckon with days around it.
    return found if 2000 <= found.year <= 2999 else None


def _whole(text: str, least: int, most: int, otherwise: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return otherwise
    return min(max(int(text), least), most)
