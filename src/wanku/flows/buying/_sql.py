"""The statements of the order engine: each serves a whole batch, whatever its size.

Arrays travel instead of rows, so that ten checkouts cost as many statements as one. Supplies are locked in id
order, so that two batches never wait for each other in a circle.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from wanku.kernel.once import digest

LOCK_KEYS = """
SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT key FROM unnest(%s::bigint[]) key ORDER BY key) keys
"""
KNOWN_TRADES = """
SELECT t.request_scope, t.request_key, t.id, t.number, t.amount, t.currency, t.request_hash
FROM orders_trade t JOIN unnest(%s::text[], %s::text[]) AS asked(scope, key)
  ON t.request_scope = asked.scope AND t.request_key = asked.key
"""
LOCK_SUPPLIES = "SELECT id, free FROM inventory_supply WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
TAKE_SUPPLIES = """
UPDATE inventory_supply s
SET free = s.free - d.quantity, held = s.held + d.quantity,
    low_since = CASE WHEN s.free - d.quantity <= s.low_at THEN coalesce(s.low_since, %s) END
FROM unnest(%s::bigint[], %s::bigint[]) AS d(id, quantity) WHERE s.id = d.id
"""
TRADE_COLUMNS = {
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
    "state": "text",
    "due_at": "timestamptz",
    "placed_at": "timestamptz",
    "request_scope": "text",
    "request_key": "text",
    "request_hash": "bytea",
}
ORDER_COLUMNS = {
    "id": "uuid",
    "number": "text",
    "trade_id": "uuid",
    "merchant_id": "bigint",
    "currency": "text",
    "goods": "bigint",
    "freight": "bigint",
    "amount": "bigint",
    "commission": "bigint",
    "address": "jsonb",
    "note": "text",
    "terms": "jsonb",
    "state": "text",
    "due_at": "timestamptz",
    "placed_at": "timestamptz",
}
LINE_COLUMNS = {
    "id": "uuid",
    "order_id": "uuid",
    "merchant_id": "bigint",
    "kind": "text",
    "product_id": "bigint",
    "variant_id": "bigint",
    "demand": "jsonb",
    "title": "text",
    "label": "text",
    "sku": "text",
    "picture_id": "uuid",
    "unit_price": "bigint",
    "quantity": "int",
    "amount": "bigint",
    "add_ons": "jsonb",
    "returns": "jsonb",
    "shipped": "int",
}
MOVE_COLUMNS = {
    "subject_type": "text",
    "subject_id": "text",
    "merchant_id": "bigint",
    "trade_id": "uuid",
    "from_state": "text",
    "to_state": "text",
    "event": "text",
    "actor": "text",
    "actor_id": "bigint",
    "because": "text",
    "facts": "jsonb",
    "at": "timestamptz",
}
Row = Mapping[str, Any]


def lock_keys(pairs: Iterable[tuple[str, str]]) -> None:
    """Let a repeated submission wait for the first one instead of racing it."""
    keys = [int.from_bytes(digest(pair)[:8], signed=True) for pair in pairs]
    with connection.cursor() as cursor:
        cursor.execute(LOCK_KEYS, [keys])


def known_trades(pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Trades of earlier submissions: ``{(scope, key): (id, number, amount, currency, hash)}``."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_TRADES, [[p[0] for p in pairs], [p[1] for p in pairs]])
        return {(row[0], row[1]): row[2:] for row in cursor.fetchall()}


def lock_supplies(ids: Iterable[int]) -> dict[int, int]:
    """Lock counters in id order; ``{id: free}``."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SUPPLIES, [sorted(ids)])
        return dict(cursor.fetchall())


def take_supplies(demand: Mapping[int, int], now: datetime) -> None:
    """Move pieces from free to held."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_SUPPLIES, [now, list(demand), list(demand.values())])


def insert(table: str, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
    """Insert rows with one statement of one array per column."""
    casts = ", ".join(f"%s::{'text' if kind == 'jsonb' else kind}[]" for kind in columns.values())
    reads = ", ".join(f"v.{name}::jsonb" if kind == "jsonb" else f"v.{name}" for name, kind in columns.items())
    names = ", ".join(columns)
    # Table and columns are constants of this file, never input.
    sql = f"INSERT INTO {table} ({names}) SELECT {reads} FROM unnest({casts}) AS v({names})"  # noqa: S608
    arrays = [
        [json.dumps(row[name], ensure_ascii=False) if kind == "jsonb" else row[name] for row in rows]
        for name, kind in columns.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, arrays)
