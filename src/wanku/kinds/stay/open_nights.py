"""Counters for nights that go on sale."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from wanku.inventory.models import StockLog, Supply
from wanku.kinds.stay.models import RoomType
from wanku.kinds.stay.prices import supply_key

BECAUSE: Final = "open_nights"


def open_nights(rooms: Sequence[RoomType], nights: Sequence[date], *, by_id: int | None, now: datetime) -> int:
    """Make the counters that are missing, each with as many rooms as the type has; those that are there stay.

    Inside the caller's transaction, which holds the room types, so that no two make the same ones: three statements.

    Returns:
        how many nights were opened.
    """
    wanted = {supply_key(room.pk, night): room for room in rooms for night in nights}
    there = set(Supply.objects.filter(key__in=list(wanted)).values_list("key", flat=True))
    # No threshold: a night runs low because it sells.
    made = Supply.objects.bulk_create(
        [
            Supply(merchant_id=room.merchant_id, key=key, free=room.rooms, put_in=room.rooms, low_at=0)
            for key, room in wanted.items()
            if key not in there
        ]
    )
    StockLog.objects.bulk_create(
        StockLog(supply=supply, change=supply.put_in, because=BECAUSE, by_id=by_id, at=now)
        for supply in made
        if supply.put_in
    )
    return len(made)
