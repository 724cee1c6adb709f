"""Changing what was put in: restock, correction, import."""

from collections.abc import Mapping
from datetime import datetime

from wanku.inventory.models import StockLog, Supply
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Code, Refusal, gettext_noop
from wanku.kernel.text import clean

CHANGE_MAX = 10_000_000
STOCK_HELD = Code(
    "stock_held",
    gettext_noop("Only %(free)s are free; %(held)s are in unpaid orders and cannot be taken out now."),
    409,
)


def restock(key: str, change: int, *, because: str, by_id: int | None, now: datetime) -> Supply:
    """Add pieces to one counter, or take free ones out with a negative number, and log why.

    Inside the caller's transaction; locks the counter.

    Raises:
        Refusal: ``not_found``, ``bad_value`` for nothing or too much, ``stock_held`` when more would be taken out
            than is free.
    """
    return restock_many({key: change}, because=because, by_id=by_id, now=now)[key]


def restock_many(changes: Mapping[str, int], *, because: str, by_id: int | None, now: datetime) -> dict[str, Supply]:
    """`restock` of many counters, locked in the order of their ids, all or nothing; zero changes are skipped."""
    for change in changes.values():
        if abs(change) > CHANGE_MAX:
            raise Refusal(BAD_VALUE, field="stock", problem=gettext_noop("At most ten million pieces at once."))
    locked = {
        s.key: s for s in Supply.objects.select_for_update(no_key=True).filter(key__in=list(changes)).order_by("pk")
    }
    for key in changes:
        if key not in locked:
            raise Refusal(NOT_FOUND)
    touched = [supply for key, supply in locked.items() if changes[key]]
    for supply in touched:
        _change(supply, changes[supply.key], now)
    Supply.objects.bulk_update(touched, ["free", "put_in", "low_since"])
    StockLog.objects.bulk_create(
        StockLog(supply=s, change=changes[s.key], because=clean(because)[:200], by_id=by_id, at=now) for s in touched
    )
    return locked


def set_stock(levels: Mapping[str, int], *, because: str, by_id: int | None, now: datetime) -> dict[str, Supply]:
    """Bring counters to so many free pieces, as a form or an import states them; logged as the difference."""
    for free in levels.values():
        if not 0 <= free <= CHANGE_MAX:
            raise Refusal(BAD_VALUE, field="stock", problem=gettext_noop("From 0 to ten million pieces."))
    rows = (
        Supply.objects.select_for_update(no_key=True)
        .filter(key__in=list(levels))
        .order_by("pk")
        .values_list("key", "free")
    )
    present = dict(rows)
    changes = {key: free - present.get(key, 0) for key, free in levels.items()}
    return restock_many(changes, because=because, by_id=by_id, now=now)


def _change(supply: Supply, change: int, now: datetime) -> None:
    if supply.free + change < 0:
        raise Refusal(STOCK_HELD, field="stock", free=supply.free, held=supply.held)
    supply.free += change
    supply.put_in += change
    # One fall below the threshold makes one notice; coming back above it arms the next.
    if supply.free > supply.low_at:
        supply.low_since = None
    elif supply.low_since is None and change < 0:
        supply.low_since = now
