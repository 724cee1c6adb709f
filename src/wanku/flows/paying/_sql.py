"""The statements of captures: each serves a whole batch, whatever its size.

Rows are locked in the order notices, trades, attempts, orders, supplies, and each kind in the order of its keys, so
that two batches never wait for each other in a circle.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from wanku.kernel.arrays import execute, literal

Notice = tuple[str, str]
"""Gateway and the channel's id of a notice."""

KEEP_NOTICES = """
INSERT INTO payments_channelevent (gateway, event_id, kind, body_hash, outcome, received_at)
SELECT gateway, event_id, kind, body_hash, '', $5::timestamptz
FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) AS v(gateway, event_id, kind, body_hash)
ORDER BY gateway, event_id
ON CONFLICT (gateway, event_id) DO NOTHING RETURNING gateway, event_id
"""
LOCK_NOTICES = """
SELECT e.gateway, e.event_id, e.outcome
FROM payments_channelevent e JOIN unnest($1::text[], $2::text[]) AS v(gateway, event_id)
  ON e.gateway = v.gateway AND e.event_id = v.event_id
ORDER BY e.gateway, e.event_id FOR NO KEY UPDATE OF e
"""
NOTE_OUTCOMES = """
UPDATE payments_channelevent e SET outcome = v.outcome
FROM unnest($1::text[], $2::text[], $3::text[]) AS v(gateway, event_id, outcome)
WHERE e.gateway = v.gateway AND e.event_id = v.event_id
"""
LOCK_TRADES = """
SELECT id, state FROM orders_trade
WHERE id IN (SELECT trade_id FROM payments_attempt WHERE number = ANY($1::text[])) ORDER BY id FOR NO KEY UPDATE
"""
LOCK_ATTEMPTS = """
SELECT id, number, gateway, trade_id, currency, amount, state FROM payments_attempt
WHERE number = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE
"""
LOCK_ORDERS = """
SELECT id, state, merchant_id, trade_id, amount, (terms->>'ship_within_hours')::int, platform_discount,
    kind, starts_at, ends_at
FROM orders_order
WHERE trade_id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
LINES = """
SELECT o.trade_id, l.product_id, l.quantity, l.demand, l.limit_per_person
FROM orders_line l JOIN orders_order o ON o.id = l.order_id WHERE l.order_id = ANY($1::uuid[])
"""


@dataclass(slots=True)
class AttemptRow:
    """A locked attempt; ``state`` follows what the batch decides."""

    pk: UUID
    number: str
    gateway: str
    trade_id: UUID
    currency: str
    amount: int
    state: str


class OrderRow(NamedTuple):
    """A locked order."""

    pk: UUID
    state: str
    merchant_id: int
    trade_id: UUID
    amount: int
    ship_within_hours: int | None
    platform_discount: int
    kind: str
    starts_at: datetime | None
    ends_at: datetime | None


class LineRow(NamedTuple):
    """A line of an order; nothing that is read here ever changes."""

    trade_id: UUID
    product_id: int
    quantity: int
    demand: Mapping[str, int]
    limit_per_person: int | None


class Said(Protocol):
    """What a channel says, of a payment or of a refund."""

    @property
    def gateway(self) -> str: ...
    @property
    def event_id(self) -> str: ...
    @property
    def event_hash(self) -> bytes: ...
    @property
    def state(self) -> StrEnum: ...


def keep_notices(results: Iterable[Said], now: datetime) -> dict[Notice, str]:
    """Keep what channels said and lock it, so that a hundred copies in parallel take turns; what came of it before."""
    rows = {(r.gateway, r.event_id): (r.state.value, r.event_hash) for r in results if r.event_id}
    if not rows:
        return {}
    kinds = literal([kind for kind, _ in rows.values()], "text")
    hashes = literal([body_hash for _, body_hash in rows.values()], "bytea")
    new = execute(KEEP_NOTICES, [*_pairs(rows), kinds, hashes, now])
    outcomes: dict[Notice, str] = {(row[0], row[1]): "" for row in new}
    known = [notice for notice in rows if notice not in outcomes]
    if known:
        outcomes |= {(row[0], row[1]): row[2] for row in execute(LOCK_NOTICES, _pairs(known), prepared=False)}
    return outcomes


def note_outcomes(outcomes: Mapping[Notice, str]) -> None:
    """Write what came of notices. The caller holds their locks."""
    if outcomes:
        execute(NOTE_OUTCOMES, [*_pairs(outcomes), literal(outcomes.values(), "text")], prepared=False)


def lock_trades(numbers: Sequence[str]) -> dict[UUID, str]:
    """Lock the trades of attempts, by the attempts' numbers; ``{id: state}``."""
    return {row[0]: row[1] for row in execute(LOCK_TRADES, [literal(numbers, "text")], prepared=False)}


def lock_attempts(numbers: Sequence[str]) -> dict[tuple[str, str], AttemptRow]:
    """Lock attempts; by gateway and number."""
    rows = [AttemptRow(*row) for row in execute(LOCK_ATTEMPTS, [literal(numbers, "text")], prepared=False)]
    return {(row.gateway, row.number): row for row in rows}


def lock_orders(trade_ids: Iterable[UUID]) -> list[OrderRow]:
    """Lock the orders of trades."""
    return [OrderRow(*row) for row in execute(LOCK_ORDERS, [literal(trade_ids, "uuid")], prepared=False)]


def lines_of(orders: Iterable[OrderRow]) -> list[LineRow]:
    """The lines of orders."""
    rows = execute(LINES, [literal([order.pk for order in orders], "uuid")], prepared=False)
    return [LineRow(row[0], row[1], row[2], json.loads(row[3]), row[4]) for row in rows]


def _pairs(notices: Iterable[Notice]) -> tuple[str, str]:
    gateways, ids = zip(*notices, strict=True)
    return literal(gateways, "text"), literal(ids, "text")
