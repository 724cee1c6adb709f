"""Taking unpaid trades back; the caller holds the locks of the trades."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from wanku.audit.move import By, RowStep, move_rows
from wanku.inventory import take
from wanku.kernel.arrays import execute, literal
from wanku.kinds.registry import KINDS
from wanku.orders import personal
from wanku.orders.booked import booked_lines
from wanku.orders.models import Line, Order, Trade

LOCK_ORDERS = """
SELECT id, state, merchant_id, trade_id, kind FROM orders_order
WHERE trade_id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
DEMAND = """
SELECT taken.key::bigint, sum(taken.value::bigint)::bigint,
    array_agg(DISTINCT o.trade_id) FILTER (WHERE l.limit_per_person IS NOT NULL)
FROM orders_order o JOIN orders_line l ON l.order_id = o.id, jsonb_each_text(l.demand) taken
WHERE o.trade_id = ANY($1::uuid[]) GROUP BY taken.key
"""


def cancel_unpaid(states: Mapping[UUID, str], event: str, *, by: By, now: datetime, because: str = "") -> None:
    """Move trades and their orders, set the supplies free, and give the pieces of limited products back.

    Args:
        states: of the trades, by id.
    """
    trade_ids = literal(states, "uuid")
    orders = execute(LOCK_ORDERS, [trade_ids], prepared=False)
    taken = execute(DEMAND, [trade_ids], prepared=False)
    demand = {supply: quantity for supply, quantity, _ in taken}
    take.lock(demand)
    take.free_held(demand)
    kinds = [order_id for order_id, *_, kind in orders if kind in KINDS]
    for kind, lines in (booked_lines(kinds) if kinds else {}).items():
        KINDS[kind].freed(lines, because=event, now=now)
    _lower({trade_id for _, _, limited in taken for trade_id in limited or ()})
    trades = [RowStep(trade_id, state, None, trade_id, because=because) for trade_id, state in states.items()]
    move_rows(Trade, trades, event, by=by, now=now)
    parts = [
        RowStep(order_id, state, merchant_id, trade_id, because=because)
        for order_id, state, merchant_id, trade_id, _ in orders
    ]
    move_rows(Order, parts, event, by=by, now=now)


def _lower(limited: set[UUID]) -> None:
    """Few sell under a limit, so only their trades are loaded."""
    if not limited:
        return
    lines: dict[UUID, list[Line]] = {}
    for line in Line.objects.filter(order__trade__in=limited).select_related("order"):
        lines.setdefault(line.order.trade_id, []).append(line)
    personal.lower_all((trade, lines[trade.pk]) for trade in Trade.objects.filter(pk__in=limited))
