"""Rows of placing orders, beside the hand-written transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from psycopg import sql

from bench import requests
from bench.load import Seen, ask
from bench.numbers import Round
from bench.pgbench import pgbench
from bench.rows import Bench, Row, measure
from bench.shop import FREIGHT, MERCHANTS, SKUS_EACH, Pair, hot_pairs, random_pairs
from wanku.ui.actor import GUEST_KEY

BUYERS = 64
WARM_SECONDS = 1.5
WARM_REQUESTS = 4000
SPARE = 1.7
RUSH, REST = "/rush/orders", "/api/v1/orders"
WRITTEN = (
    "orders_trade",
    "orders_order",
    "orders_line",
    "orders_personalcount",
    "audit_move",
    "inventory_stocklog",
    "ledger_entry",
    "procrastinate_jobs",
)
SAME_ROWS = (
    "pgbench writes the same rows to the same tables by a transaction written by hand (bench/sql/place_order.sql): "
    "two supplies locked and updated, a trade, an order, two lines, two moves."
)
Make = Callable[[Bench, Iterator[Pair], int], tuple[list[bytes], list[str]]]


def place_order_rush_random(bench: Bench) -> Iterator[Row]:
    """The rush door, SKUs at random."""
    yield _row(bench, "place_order_rush_random", _json(RUSH), 201, hot=False, reach=1.0)


def place_order_rush_hot(bench: Bench) -> Iterator[Row]:
    """The rush door, everybody wants the same two SKUs."""
    yield _row(bench, "place_order_rush_hot", _json(RUSH), 201, hot=True, reach=4.0)


def place_order_rest_random(bench: Bench) -> Iterator[Row]:
    """The ordinary API."""
    yield _row(bench, "place_order_rest_random", _json(REST), 201, hot=False, reach=0.3)


def place_order_page_random(bench: Bench) -> Iterator[Row]:
    """The checkout page."""
    row = _row(bench, "place_order_page_random", _page, 302, hot=False, reach=0.3)
    row.notes.append("The checkout form of a guest who has a session already, as whoever used the cart has.")
    yield row


def _json(path: str) -> Make:
    def make(bench: Bench, pairs: Iterator[Pair], count: int) -> tuple[list[bytes], list[str]]:
        return requests.orders(path, bench.place.port, pairs, count)

    return make


def _page(bench: Bench, pairs: Iterator[Pair], count: int) -> tuple[list[bytes], list[str]]:
    return requests.checkouts(
        reverse("storefront:checkout"), bench.place.port, pairs, sessions_of([uuid4() for _ in range(count)])
    )


def sessions_of(guests: Sequence[UUID]) -> list[str]:
    """Keys of new sessions, one for each guest."""
    store, until = SessionStore(), datetime.now(UTC) + timedelta(days=1)
    rows = [
        Session(session_key=uuid4().hex, session_data=store.encode({GUEST_KEY: str(guest)}), expire_date=until)
        for guest in guests
    ]
    Session.objects.bulk_create(rows, batch_size=2000)
    return [row.session_key for row in rows]


def _row(bench: Bench, name: str, make: Make, wanted: int, *, hot: bool, reach: float) -> Row:
    row = Row(name, "orders/s", 0.0, beside_name="pgbench, the same rows", reach=reach)
    pairs = hot_pairs() if hot else random_pairs(bench.fresh_seed())
    before = rows_of(bench)
    warm, rate = _ask(bench, make, wanted, pairs, WARM_SECONDS, WARM_REQUESTS)
    accepted = len(warm.of(wanted))
    if 404 in warm.statuses():
        row.skipped = "the door is not there yet (404)"
        return row
    if not accepted:
        row.skipped = f"no order was accepted: {warm.statuses()}"
        return row

    row.facts["rows_for_an_order"] = {"ours": per_order(before, rows_of(bench), accepted)}

    def ours() -> Round:
        seen, _ = _ask(bench, make, wanted, pairs, bench.seconds, int(rate * bench.seconds * SPARE) + 500)
        row.facts.setdefault("statuses", []).append(seen.statuses())
        return seen.round(wanted)

    def beside() -> Round:
        before = rows_of(bench)
        done = pgbench(bench.place.cluster.url, "place_order", seconds=bench.seconds, values=values(hot=hot))
        row.facts["rows_for_an_order"]["pgbench"] = per_order(before, rows_of(bench), done.accepted)
        return done

    measure(bench, row, ours, beside)
    row.notes.append(SAME_ROWS)
    return row


def _ask(
    bench: Bench, make: Make, wanted: int, pairs: Iterator[Pair], seconds: float, count: int
) -> tuple[Seen, float]:
    plan, keys = make(bench, pairs, count)
    seen = ask(bench.place.port, plan, connections=BUYERS, seconds=seconds)
    bench.acknowledge(bench.place, [keys[index] for index in seen.of(wanted)])
    return seen, seen.round(wanted).rate


def rows_of(bench: Bench) -> dict[str, int]:
    """How many rows the tables have that an order may write to."""
    counts = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(table), sql.Identifier(table)) for table in WRITTEN
    )
    with psycopg.connect(bench.place.cluster.url) as connection:
        return dict(connection.execute(counts).fetchall())


def per_order(before: Mapping[str, int], after: Mapping[str, int], orders: int) -> dict[str, float]:
    """New rows for each order, by table; tables without any are left out."""
    grown = {table: round((after[table] - before[table]) / max(1, orders), 2) for table in after}
    return {table: rows for table, rows in grown.items() if rows}


def values(*, hot: bool) -> dict[str, int]:
    """What pgbench's script is told."""
    return {"hot": int(hot), "merchants": MERCHANTS, "each": SKUS_EACH, "freight": FREIGHT}


def door_is_there(bench: Bench) -> bool:
    """Whether the rush door answers."""
    plan = [requests.http("POST", RUSH, bench.place.port, {"Content-Type": "application/json"}, b"{}")]
    return 404 not in ask(bench.place.port, plan, connections=1, seconds=5.0).statuses()
