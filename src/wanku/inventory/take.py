"""Moving pieces between free, held and sold."""

from collections.abc import Mapping

from django.db import connection

LOCK = "SELECT id, free FROM inventory_supply WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
MOVE = """
UPDATE inventory_supply s
SET free = s.free + d.free, held = s.held + d.held, sold = s.sold + d.sold,
    low_since = CASE WHEN s.free + d.free > s.low_at THEN NULL ELSE s.low_since END
FROM (
    SELECT id, quantity * %s AS free, quantity * %s AS held, quantity * %s AS sold
    FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, quantity)
) d WHERE s.id = d.id
"""
Demand = Mapping[int, int]


def lock(ids: Demand) -> dict[int, int]:
    """Lock supplies in id order; ``{id: free}``."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted(ids)])
        return dict(cursor.fetchall())


def sell_held(demand: Demand) -> None:
    """Paid: held → sold. The caller holds the locks."""
    _move(demand, free=0, held=-1, sold=1)


def free_held(demand: Demand) -> None:
    """Cancelled unpaid: held → free. The caller holds the locks."""
    _move(demand, free=1, held=-1, sold=0)


def free_sold(demand: Demand) -> None:
    """Refunded before it was shipped: sold → free. The caller holds the locks."""
    _move(demand, free=1, held=0, sold=-1)


def sell_free(demand: Demand) -> bool:
    """Take again what was set free, all or nothing: free → sold. The caller holds the locks."""
    left = lock(demand)
    if any(left.get(supply, 0) < quantity for supply, quantity in demand.items()):
        return False
    _move(demand, free=-1, held=0, sold=1)
    return True


def _move(demand: Demand, *, free: int, held: int, sold: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [free, held, sold, list(demand), list(demand.values())])
