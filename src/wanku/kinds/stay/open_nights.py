"""Counters for nights that go on sale."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from wanku.inventory.open_counters import level_counters, open_counters
from wanku.kinds.stay.models import Property, RoomType
from wanku.kinds.stay.prices import ONE_DAY, supply_key

BECAUSE: Final = "calendar"
SPARE: Final = timedelta(days=2)
"""Calendars are opened further than they are offered, so that a sweep that comes late leaves no gap."""


def nights_ahead(house: Property, *, now: datetime) -> list[date]:
    """The nights that a house has on sale: from its today on."""
    today = now.astimezone(ZoneInfo(house.zone)).date()
    return [today + n * ONE_DAY for n in range(house.ahead_days + SPARE.days)]


def open_nights(rooms: Sequence[RoomType], nights: Sequence[date], *, by_id: int | None, now: datetime) -> int:
    """Make the counters that are missing, each with as many rooms as the type has; those that are there stay.

    Inside the caller's transaction.

    Args:
        rooms: of one merchant.

    Returns:
        how many nights were opened.
    """
    if not rooms:
        return 0
    levels = {supply_key(room.pk, night): room.rooms for room in rooms for night in nights}
    return open_counters(rooms[0].merchant_id, levels, because=BECAUSE, by_id=by_id, now=now)


def set_rooms(room: RoomType, nights: Sequence[date], rooms: int, *, by_id: int | None, now: datetime) -> int:
    """Bring nights to so many rooms altogether; where more are booked, none is free and the rest stays.

    Inside the caller's transaction; locks the counters.

    Returns:
        how many nights changed.
    """
    levels = {supply_key(room.pk, night): rooms for night in nights}
    return level_counters(room.merchant_id, levels, because=BECAUSE, by_id=by_id, now=now)
