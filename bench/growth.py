"""Filling an installation with a past: whole trades with everything that belongs to them, and books that add up.

Numbers carry their check digit, ids and moments run through two years, money is captured, held and released, stock is
sold. What is left out: tracking reports, notices, reviews and refunds. `wanku.flows.proving` finds nothing wrong
afterwards. One statement a table and fifty thousand trades, by ``bench/sql/grow.sql``.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import psycopg
from stdnum import damm

from bench.shop import FREIGHT, MERCHANTS, SKUS_EACH, VARIANTS_EACH
from wanku.kernel.ids import NUMBER_ZONE

SQL = Path(__file__).resolve().parent / "sql" / "grow.sql"
CHUNK = 50_000
WORKERS = 2
INDEXES_FROM = 300_000
"""From so many trades on it is quicker to build indexes anew than to keep them."""
YEARS = timedelta(days=720)
NUMBERED = timedelta(days=1_000)
"""Numbers carry an earlier date than their orders, so that none is one that the shop draws today."""
ORDERS_EACH = 20
SPREAD = 7_368_787
"""Has no factor in common with ten thousand millions, so that numbers look random and never come twice."""
TABLES = (
    "orders_trade",
    "orders_order",
    "orders_line",
    "audit_move",
    "payments_attempt",
    "ledger_entry",
    "ledger_posting",
    "fulfilment_parcel",
    "fulfilment_parcelline",
)


class Past(StrEnum):
    """What kind of trades.

    HISTORY: completed ones, some cancelled, the latest paid and waiting to be shipped.
    OPEN: placed a moment ago, with a payment that the channel is about to report.
    DUE: placed, and unpaid beyond their time.
    """

    HISTORY = "history"
    OPEN = "open"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Grown:
    """What was filled.

    Attributes:
        first: the first trade's running number; attempts of open ones are called ``bench-<running number>``.
    """

    first: int
    count: int
    seconds: float


def grow(url: str, count: int, past: Past, now: datetime) -> Grown:
    """Fill trades into the database at ``url``, which must be a superuser's: keys are checked by whoever proves.

    Args:
        url: of a database whose shop is that of `bench.shop`.
    """
    began = time.monotonic()
    with _filler(url) as connection:
        row = connection.execute("SELECT count(*) FROM orders_trade").fetchone()
        first = int(row[0]) if row else 0
        buyers = _people(connection, max(10, count // ORDERS_EACH), now) if past is Past.HISTORY else (0, 1)
        with _indexes_later(connection, wanted=count >= INDEXES_FROM), ThreadPoolExecutor(WORKERS) as workers:

            def fill(start: int) -> None:
                with _filler(url) as own:
                    _chunk(own, (first, start, min(CHUNK, count - start), count), past, buyers, now)

            for done in [workers.submit(fill, start) for start in range(0, count, CHUNK)]:
                done.result()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
        connection.execute("CHECKPOINT")
    return Grown(first, count, time.monotonic() - began)


@contextmanager
def _filler(url: str) -> Iterator[psycopg.Connection]:
    """A connection that fills quickly; nothing here is a measurement, and the end is flushed."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET work_mem = '128MB'")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET synchronous_commit = off")
        connection.commit()
        yield connection


def _chunk(
    connection: psycopg.Connection, where: tuple[int, int, int, int], past: Past, buyers: tuple[int, int], now: datetime
) -> None:
    first, start, size, count = where
    connection.execute("CREATE TEMP TABLE stage (g bigint, at timestamptz, trade_number text, order_number text)")
    with connection.cursor() as cursor, cursor.copy("COPY stage FROM STDIN") as copy:
        for index in range(start, start + size):
            at = _moment(index, count, past, now)
            g = first + index
            copy.write_row((g, at, number(2 * g, at - NUMBERED), number(2 * g + 1, at - NUMBERED)))
    settings = {
        "past": past.value,
        "now": now.isoformat(),
        "merchants": MERCHANTS,
        "each": SKUS_EACH,
        "variants": VARIANTS_EACH,
        "freight": FREIGHT,
        "first_buyer": buyers[0],
        "buyers": buyers[1],
    }
    for name, value in settings.items():
        connection.execute("SELECT set_config(%s, %s, false)", [f"bench.{name}", str(value)])
    connection.execute(SQL.read_bytes())


def _moment(index: int, count: int, past: Past, now: datetime) -> datetime:
    if past is Past.HISTORY:
        return now - YEARS * (1 - index / count) - timedelta(minutes=1)
    return now - (timedelta(hours=1) if past is Past.DUE else timedelta(seconds=5))


def _people(connection: psycopg.Connection, count: int, now: datetime) -> tuple[int, int]:
    """The first id of so many members, and how many."""
    row = connection.execute(
        "WITH made AS (INSERT INTO people_person (password, email, phone_verified, name, language, zone, is_active,"
        " joined_at) SELECT '!' || md5(n::text), 'buyer-' || gen_random_uuid() || '@example.com', false,"
        " '买家' || n, 'zh-hans', 'Asia/Shanghai', true, %s FROM generate_series(1, %s) AS n RETURNING id)"
        " SELECT min(id), count(*), max(id) FROM made",
        [now - YEARS, count],
    ).fetchone()
    if row is None or row[2] - row[0] + 1 != count:
        raise RuntimeError("ids of people do not run on; fill when nobody else writes")
    return int(row[0]), count


@contextmanager
def _indexes_later(connection: psycopg.Connection, *, wanted: bool) -> Iterator[None]:
    """Drop what only speeds up reading, and build it again afterwards. Keys and unique ones stay."""
    rows = connection.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " JOIN pg_class t ON t.oid = i.indrelid"
        " WHERE t.relname = ANY(%s) AND t.relkind = 'r' AND NOT t.relispartition AND NOT i.indisunique",
        [list(TABLES) if wanted else []],
    ).fetchall()
    for name, _ in rows:
        connection.execute(f'DROP INDEX "{name}"'.encode())
    connection.commit()
    yield
    for _, definition in rows:
        connection.execute(definition.encode())


def _steps() -> list[list[int]]:
    """The check digit's automaton over five digits at once: ``[state][number below 100,000] -> state``."""
    reached = {int(damm.checksum(str(digit))): str(digit) for digit in range(10)}
    one = [[int(damm.checksum(reached[state] + str(digit))) for digit in range(10)] for state in range(10)]
    steps = one
    for _ in range(4):
        steps = [[one[after][digit] for after in row for digit in range(10)] for row in steps]
    return steps


_STEPS = _steps()
_DAYS: dict[int, tuple[str, int]] = {}


def number(index: int, at: datetime) -> str:
    """A number as `wanku.kernel.ids.new_number` gives, another for every index."""
    day = int(at.timestamp() + 8 * 3600) // 86400
    if day not in _DAYS:
        date = f"{at.astimezone(NUMBER_ZONE):%y%m%d}"
        _DAYS[day] = (date, int(damm.checksum(date)))
    date, state = _DAYS[day]
    digits = index * SPREAD % 10**10
    check = _STEPS[_STEPS[state][digits // 100_000]][digits % 100_000]
    return f"{date}{digits:010d}{check}"


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
