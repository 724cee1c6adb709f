"""The statements of the order engine: each serves a whole batch, whatever its size.

Arrays travel instead of rows (`wanku.kernel.arrays`), so that a hundred checkouts cost as many statements as one.
Supplies are locked in id order, so that two batches never wait for each other in a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from wanku.kernel.arrays import columns, execute, literal, unnest
from wanku.kernel.states import BUYER

KNOWN_TRADES: Final = """
SELECT t.request_scope, t.request_key, t.id, t.number, t.amount, t.currency, t.request_hash
FROM unnest($1::text[], $2::text[]) AS asked(scope, key)
JOIN orders_trade t ON t.request_scope = asked.scope AND t.request_key = asked.key
"""
LOCK_SUPPLIES: Final = """
SELECT id, free FROM inventory_supply WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""
LOCK_KEYS: Final = """
SELECT id, free, key FROM inventory_supply WHERE id = ANY($1::bigint[]) OR key = ANY($2::text[])
ORDER BY id FOR NO KEY UPDATE
"""
SHOP_VERSIONS: Final = "SELECT merchant_id, version FROM catalog_shopversion WHERE merchant_id = ANY($1::bigint[])"

TAKEN: Final = {"supply_id": "bigint", "quantity": "bigint"}
TRADE: Final = {
    "id": "uuid",
    "number": "text",
    "buyer_id": "bigint",
    "guest_key": "uuid",
    "contact_name": "text",
    "contact_phone": "text",
    "contact_email": "text",
    "language": "text",
    "currency": "text",
    "amount": "bigint",
    "due_at": "timestamptz",
    "request_scope": "text",
    "request_key": "text",
    "request_hash": "bytea",
}
ORDER: Final = {
    "id": "uuid",
    "number": "text",
    "trade_id": "uuid",
    "merchant_id": "bigint",
    "kind": "text",
    "starts_at": "timestamptz",
    "ends_at": "timestamptz",
    "currency": "text",
    "goods": "bigint",
    "freight": "bigint",
    "amount": "bigint",
    "commission": "bigint",
    "address": "jsonb",
    "note": "text",
    "terms": "jsonb",
    "due_at": "timestamptz",
}
LINE: Final = {
    "id": "uuid",
    "order_id": "uuid",
    "merchant_id": "bigint",
    "kind": "text",
    "product_id": "bigint",
    "variant_id": "bigint",
    "choice": "jsonb",
    "parts": "jsonb",
    "sealed": "text",
    "demand": "jsonb",
    "limit_per_person": "bigint",
    "title": "text",
    "label": "text",
    "sku": "text",
    "picture_id": "uuid",
    "unit_price": "bigint",
    "quantity": "int",
    "amount": "bigint",
    "add_ons": "jsonb",
    "returns": "jsonb",
}


def _write() -> str:
    """One statement: take the pieces, insert trades, orders and lines, and record the first move of each."""
    trades = 2 + len(TAKEN)
    orders = trades + len(TRADE)
    lines = orders + len(ORDER)
    names = {table: ", ".join(spec) for table, spec in (("trade", TRADE), ("order", ORDER), ("line", LINE))}
    return f"""
WITH taken AS (
    UPDATE inventory_supply s
    SET free = s.free - d.quantity, held = s.held + d.quantity,
        low_since = CASE WHEN s.free - d.quantity <= s.low_at THEN coalesce(s.low_since, $1) END
    FROM {unnest(TAKEN, 2, "d")} WHERE s.id = d.supply_id
), trades AS (
    INSERT INTO orders_trade ({names["trade"]}, state, placed_at)
    SELECT t.*, 'placed', $1::timestamptz FROM {unnest(TRADE, trades, "t")}
    RETURNING id, buyer_id
), orders AS (
    INSERT INTO orders_order ({names["order"]}, state, placed_at)
    SELECT o.*, 'placed', $1::timestamptz FROM {unnest(ORDER, orders, "o")}
    RETURNING id, trade_id, merchant_id
), lines AS (
    INSERT INTO orders_line ({names["line"]}, shipped)
    SELECT l.*, 0 FROM {unnest(LINE, lines, "l")}
)
INSERT INTO audit_move (subject_type, subject_id, merchant_id, trade_id, from_state, to_state, event, actor, actor_id,
                        because, facts, at)
SELECT kind, subject_id, merchant_id, trade_id, '', 'placed', 'place', '{BUYER}', buyer_id, '', '{{}}', $1
FROM (
    SELECT 'trade' AS kind, t.id::text AS subject_id, NULL::bigint AS merchant_id, t.id AS trade_id, t.buyer_id
    FROM trades t
    UNION ALL
    SELECT 'order', o.id::text, o.merchant_id, o.trade_id, t.buyer_id FROM orders o JOIN trades t ON t.id = o.trade_id
) moves
"""  # noqa: S608 - constants of this file


WRITE: Final = _write()
Row = Mapping[str, Any]


def known_trades(pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Trades of earlier submissions: ``{(scope, key): (id, number, amount, currency, hash)}``."""
    scopes, keys = literal([p[0] for p in pairs], "text"), literal([p[1] for p in pairs], "text")
    return {(row[0], row[1]): row[2:] for row in execute(KNOWN_TRADES, [scopes, keys], prepared=False)}


def lock_supplies(ids: Iterable[int]) -> dict[int, int]:
    """Lock counters in id order; ``{id: free}``."""
    return {row[0]: row[1] for row in execute(LOCK_SUPPLIES, [literal(sorted(ids), "bigint")])}


def lock_keys(ids: Iterable[int], keys: Iterable[str]) -> tuple[dict[int, int], dict[str, int]]:
    """`lock_supplies` where some are known by their keys: ``{id: free}`` and ``{key: id}``."""
    rows = execute(LOCK_KEYS, [literal(sorted(ids), "bigint"), literal(sorted(keys), "text")])
    return {row[0]: row[1] for row in rows}, {row[2]: row[0] for row in rows}


def shop_versions(merchants: Iterable[int]) -> dict[int, int]:
    """How often each shop's catalogue has changed (`wanku.catalog.versions`)."""
    return {row[0]: row[1] for row in execute(SHOP_VERSIONS, [literal(merchants, "bigint")])}


def write(
    taken: Mapping[int, int], trades: Sequence[Row], orders: Sequence[Row], lines: Sequence[Row], now: datetime
) -> None:
    """Move pieces from free to held and insert everything that the batch became."""
    demand = [literal(taken, "bigint"), literal(taken.values(), "bigint")]
    rows = columns(TRADE, trades) + columns(ORDER, orders) + columns(LINE, lines)
    execute(WRITE, [now, *demand, *rows])
