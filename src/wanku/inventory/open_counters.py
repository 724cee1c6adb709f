"""Counters that a calendar opens: the quarters of a kitchen, the portions of a day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import connection

from wanku.inventory.models import StockLog, Supply
from wanku.kernel.text import clean

LOCK: Final = """
SELECT id, key, free, held, sold, put_in FROM inventory_supply
WHERE merchant_id = %s AND key = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
LEVEL: Final = """
UPDATE inventory_supply s SET free = s.free + d.change, put_in = s.put_in + d.change
FROM unnest(%s::bigint[], %s::bigint[]) AS d(id, change) WHERE s.id = d.id
"""


def open_counters(
    merchant_id: int, levels: Mapping[str, int], *, because: str, by_id: int | None, now: datetime
) -> int:
    """Make the counters that are missing, each with so many pieces; those that are there keep theirs.

    Inside the caller's transaction; a fixed number of statements. Never tells of low stock: a full quarter is normal.

    Args:
        levels: pieces by key.

    Returns:
        how many were made.
    """
    known = set(Supply.objects.filter(key__in=list(levels)).values_list("key", flat=True))
    missing = [key for key in sorted(levels) if key not in known]
    if not missing:
        return 0
    Supply.objects.bulk_create(
        (Supply(merchant_id=merchant_id, key=key, low_at=0) for key in missing), ignore_conflicts=True, batch_size=2000
    )
    # Whoever made one at the same time has put its pieces in, or will be waited for here.
    fresh = {key: row for key, row in _locked(merchant_id, missing).items() if row[4] == 0}
    _level({row[0]: levels[key] for key, row in fresh.items()}, because=because, by_id=by_id, now=now)
    return len(fresh)


def level_counters(
    merchant_id: int, levels: Mapping[str, int], *, because: str, by_id: int | None, now: datetime
) -> int:
    """Bring what counters of this shop hold altogether to new levels, as far as what is held and sold allows.

    Inside the caller's transaction; locks the counters in the order of their ids. Those that are missing are left so.

    Args:
        levels: pieces put in, by key: free, held and sold together. Where more is held and sold already, none is
            free any more and the rest stays.

    Returns:
        how many changed.
    """
    changes = {}
    for key, (pk, _free, held, sold, put_in) in _locked(merchant_id, list(levels)).items():
        change = max(levels[key], held + sold) - put_in
        if change:
            changes[pk] = change
    _level(changes, because=because, by_id=by_id, now=now)
    return len(changes)


def _locked(merchant_id: int, keys: list[str]) -> dict[str, tuple[int, int, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [merchant_id, keys])
        return {row[1]: (row[0], *row[2:]) for row in cursor.fetchall()}


def _level(changes: Mapping[int, int], *, because: str, by_id: int | None, now: datetime) -> None:
    wanted = {pk: change for pk, change in changes.items() if change}
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(LEVEL, [list(wanted), list(wanted.values())])
    StockLog.objects.bulk_create(
        (
            StockLog(supply_id=pk, change=change, because=clean(because)[:200], by_id=by_id, at=now)
            for pk, change in wanted.items()
        ),
        batch_size=2000,
    )
