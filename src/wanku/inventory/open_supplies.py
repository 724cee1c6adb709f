"""Counters that a calendar needs: made once, full, and never taken away, since something may be booked on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import connection

OPEN: Final = """
WITH made AS (
    INSERT INTO inventory_supply (merchant_id, key, free, held, sold, put_in, low_at)
    SELECT %s, key, pieces, 0, 0, pieces, 0 FROM unnest(%s::text[], %s::bigint[]) AS v(key, pieces) ORDER BY key
    ON CONFLICT (key) DO NOTHING
    RETURNING id, put_in
), logged AS (
    INSERT INTO inventory_stocklog (supply_id, change, because, by_id, at) SELECT id, put_in, %s, %s, %s FROM made
)
SELECT count(*) FROM made
"""


def open_supplies(
    merchant_id: int, pieces: Mapping[str, int], *, because: str, by_id: int | None, now: datetime
) -> int:
    """Make the counters that are missing, with so many pieces by key; those that are there keep theirs.

    One statement, safe to repeat and from two sides at once. Inside the caller's transaction.

    Returns:
        how many were made.
    """
    if not pieces:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [merchant_id, list(pieces), list(pieces.values()), because, by_id, now])
        return int(cursor.fetchone()[0])
