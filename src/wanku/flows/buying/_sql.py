"""The statements of the order engine: each serves a whole batch, whatever its size.

Arrays travel instead of rows (`wanku.kernel.arrays`), so that a hundred checkouts cost as many statements as one.
Supplies are locked in id order, so that two batches never wait for each other in a circle.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from wanku.kernel.arrays import Ask, columns, execute, execute_together, literal, unnest
from wanku.kernel.states import BUYER

BY_INDEX: Final = "SET LOCAL enable_seqscan = off"
"""The server keeps plans for its own checks of foreign keys. One that was made while a table had a handful of rows
reads all of it, for every row that refers to it, until the table's statistics are taken anew: in the first minute of a
new shop's first rush an order then cost the server several times as much (measured: two to eight times)."""
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

KEY_AT: Final = 2
"""Where `LOCK_KEYS` tells the key."""

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


Known = dict[tuple[str, str], tuple[Any, ...]]
"""Trades of earlier submissions by scope and key: id, number, amount, currency, hash."""


class Counters(NamedTuple):
    """Counters under lock: pieces by id, and ids by key."""

    free: dict[int, int]
    ids: dict[str, int]


class Looked(NamedTuple):
    """What a batch is decided against; ``versions`` tells how often each shop's catalogue has changed."""

    known: Known
    counters: Counters
    versions: dict[int, int]


def known_trades(pairs: Sequence[tuple[str, str]]) -> Known:
    """Which checkouts are known already."""
    return _known(execute(*_ask_known(pairs)[:2], prepared=False))


def lock_counters(ids: Collection[int], keys: Collection[str]) -> Counters:
    """Lock counters in id order."""
    return _counters(execute(*_ask_counters(ids, keys)[:2]))


def look(
    pairs: Sequence[tuple[str, str]], ids: Collection[int], keys: Collection[str], merchants: Iterable[int]
) -> Looked:
    """Look up request keys, then lock the counters in id order, then read the shops' versions: one wait for all."""
    asks = [
        Ask(BY_INDEX, []),
        _ask_known(pairs),
        _ask_counters(ids, keys),
        Ask(SHOP_VERSIONS, [literal(merchants, "bigint")]),
    ]
    _, known, counters, versions = execute_together(asks)
    return Looked(_known(known), _counters(counters), {row[0]: row[1] for row in versions})


def _ask_known(pairs: Sequence[tuple[str, str]]) -> Ask:
    scopes, keys = literal([p[0] for p in pairs], "text"), literal([p[1] for p in pairs], "text")
    return Ask(KNOWN_TRADES, [scopes, keys], prepared=False)


def _known(rows: Iterable[tuple[Any, ...]]) -> Known:
    return {(row[0], row[1]): row[2:] for row in rows}


def _ask_counters(ids: Collection[int], keys: Collection[str]) -> Ask:
    if keys:
        return Ask(LOCK_KEYS, [literal(sorted(ids), "bigint"), literal(sorted(keys), "text")])
    return Ask(LOCK_SUPPLIES, [literal(sorted(ids), "bigint")])


def _counters(rows: Sequence[tuple[Any, ...]]) -> Counters:
    return Counters({row[0]: row[1] for row in rows}, {row[2]: row[0] for row in rows if len(row) > KEY_AT})


def write(
    taken: Mapping[int, int], trades: Sequence[Row], orders: Sequence[Row], lines: Sequence[Row], now: datetime
) -> None:
    """Move pieces from free to held and insert everything that the batch became."""
    demand = [literal(taken, "bigint"), literal(taken.values(), "bigint")]
    rows = columns(TRADE, trades) + columns(ORDER, orders) + columns(LINE, lines)
    execute(WRITE, [now, *demand, *rows])
