"""The row of the sweeper: very many clocks are due at once."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg

from bench.growth import Grown, Past, grow
from bench.numbers import Round
from bench.pgbench import CLIENTS, pgbench
from bench.place import ROOT
from bench.rows import Bench, Row, measure

SWEEPERS = 2
PATIENCE = 25.0
CLOCKS, CLOCKS_QUICK = 100_000, 6_000
EACH, EACH_QUICK = 100, 25
DUE = """
DROP TABLE IF EXISTS bench_due;
CREATE UNLOGGED TABLE bench_due AS
SELECT row_number() OVER (ORDER BY t.id) - 1 AS g, t.id AS trade_id, o.id AS order_id, o.merchant_id,
    min(d.key::bigint) AS a, max(d.key::bigint) AS b
FROM orders_trade t JOIN orders_order o ON o.trade_id = t.id JOIN orders_line l ON l.order_id = o.id
CROSS JOIN LATERAL jsonb_each_text(l.demand) AS d
WHERE t.state = 'placed' AND t.due_at < now() GROUP BY t.id, o.id;
ALTER TABLE bench_due ADD PRIMARY KEY (g);
ANALYZE bench_due;
GRANT SELECT ON bench_due TO PUBLIC;
"""


def sweeper(bench: Bench) -> Iterator[Row]:
    """Unpaid trades whose time is over, looked after by two sweepers side by side."""
    row = Row("sweeper", "clocks/s", 0.0, beside_name="pgbench, one transaction a clock", reach=0.5)
    url = bench.place.keeper_url()
    clocks, each = (CLOCKS_QUICK, EACH_QUICK) if bench.quick else (CLOCKS, EACH)
    left: list[int] = []

    def ours() -> Round:
        made = grow(url, clocks // bench.rounds, Past.DUE, datetime.now(UTC))
        done = sweep(bench, made)
        left.append(_clear(url))
        return done

    def beside() -> Round:
        grow(url, CLIENTS * each, Past.DUE, datetime.now(UTC))
        with psycopg.connect(url) as connection:
            connection.execute(DUE)
        return pgbench(bench.place.cluster.url, "expire", each=each, values={"base": 0, "each": each, "i": -1})

    measure(bench, row, ours, beside)
    row.p50_ms = row.p99_ms = None
    row.facts["clocks_due_at_once"] = clocks // bench.rounds
    if any(left):
        row.notes.append(f"Stopped after {PATIENCE:.0f} s each, with {left} clocks still due.")
    yield row


def sweep(bench: Bench, made: Grown) -> Round:
    """Let the sweepers loose on what is due; each is a process of its own, warm before the clock runs."""
    children = [
        subprocess.Popen(
            [sys.executable, "-P", "-m", "bench.sweep_child", str(PATIENCE)],
            cwd=ROOT,
            env={**bench.place.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(SWEEPERS)
    ]
    for child in children:
        assert child.stdout is not None  # noqa: S101 - for the type checker
        child.stdout.readline()
    began = time.perf_counter()
    done = sum(json.loads(child.communicate("go\n")[0]) for child in children)
    spent = time.perf_counter() - began
    return Round(rate=done / spent, took=[], accepted=done, refused=made.count - done)


def _clear(url: str) -> int:
    """How many clocks are still due; they are put off, so that they are not counted twice."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "UPDATE orders_trade SET due_at = now() + interval '1 day' WHERE state = 'placed' AND due_at < now()"
        ).rowcount
