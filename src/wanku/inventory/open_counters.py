"""Counters that a calendar opens: nights, quarters of people and kitchens, portions of a day.

They are never taken away, since something may be booked on them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import connection

from wanku.inventory.models import StockLog
from wanku.kernel.text import clean

OPEN: Final = """
WITH made AS (
    INSERT INTO inventory_supply (merchant_id, key, free, held, sold, put_in, low_at)
    SELECT %s, key, pieces, 0, 0, pieces, 0 FROM unnest(%s::text[], %s::bigint[]) AS v(key, pieces)
    ON CONFLICT (key) DO NOTHING
    RETURNING id, put_in
), logged AS (
    INSERT INTO inventory_stocklog (supply_id, change, because, by_id, at)
    SELECT id, put_in, %s, %s, %s FROM made WHERE put_in <> 0
)
SELECT count(*) FROM made
"""
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

    Inside the caller's transaction; one statement, safe to repeat and from two sides at once. Never tells of low
    stock: a full quarter is normal.

    Args:
        levels: pieces by key.

    Returns:
        how many were made.
    """
    if not levels:
        return 0
    keys = sorted(levels)
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [merchant_id, keys, [levels[key] for key in keys], clean(because)[:200], by_id, now])
        return int(cursor.fetchone()[0])


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
