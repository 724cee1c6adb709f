"""All rows one after another, then the proof and the report; Django is set up by now."""

import argparse
import sys
import time
from datetime import datetime
from pathlib import Path

from django.db import connections

from bench import capturing, flash, growing, kinds, ordering, paging, shop, starting, streaming, sweeping
from bench.machine import look
from bench.place import SHOP, Place, copy_database
from bench.proof import Fact, prove
from bench.report import Run, write
from bench.rows import Bench, Measure, Row

ROWS: dict[str, Measure] = {
    "place_order_rush_random": ordering.place_order_rush_random,
    "place_order_rush_hot": ordering.place_order_rush_hot,
    "place_order_rest_random": ordering.place_order_rest_random,
    "place_order_page_random": ordering.place_order_page_random,
    "place_order_stay": kinds.place_order_stay,
    "place_order_visit": kinds.place_order_visit,
    "capture_callbacks": capturing.capture_callbacks,
    "capture_callbacks_wechat": capturing.capture_callbacks_wechat,
    "pages": paging.pages,
    "flash_sale": flash.flash_sale,
    "sweeper": sweeping.sweeper,
    "streams": streaming.streams,
    "memory": starting.memory,
    "growth": growing.growth,
    "start": starting.start,
}
"""What ``--only`` takes; some measure several rows."""
SIZES, SIZES_QUICK = (1_000, 100_000, 1_000_000), (1_000, 20_000)
SECONDS, SECONDS_QUICK = 3.5, 2.0
ROUNDS, ROUNDS_QUICK = 2, 1


def run(options: argparse.Namespace, here: Place, now: datetime, began: float) -> int:
    """Fill, measure, prove, report; 1 when an invariant does not hold.

    Raises:
        SystemExit: a row that is asked for does not exist.
    """
    if unknown := sorted(set(options.only) - ROWS.keys()):
        sys.exit(f"--only: there is no row {', '.join(unknown)}; it takes {', '.join(ROWS)}")
    filled = shop.fill(now)
    connections.close_all()
    copy_database(here.cluster, SHOP, here.database)
    bench = Bench(
        here,
        filled,
        options.seconds or (SECONDS_QUICK if options.quick else SECONDS),
        options.rounds or (ROUNDS_QUICK if options.quick else ROUNDS),
        options.quick,
        sizes=_sizes(options),
    )
    here.open_web()
    print(f"ready after {time.monotonic() - began:.0f} s", flush=True)
    rows: list[Row] = []
    for name in options.only or ROWS:
        for row in ROWS[name](bench):
            rows.append(row)
            print(row.line(), flush=True)
    facts = _prove(bench)
    measured = Run(now, time.monotonic() - began, look(here), rows, facts, quick=options.quick)
    if not options.only or options.out:
        write(measured, Path(options.out) if options.out else Path(__file__).parent)
    return int(any(fact.wrong for fact in facts))


def _sizes(options: argparse.Namespace) -> tuple[int, ...]:
    sizes = SIZES_QUICK if options.quick else SIZES
    if options.growth is None:
        return sizes
    return (*(size for size in sizes if size < options.growth), options.growth)


def _prove(bench: Bench) -> list[Fact]:
    facts = []
    for place in (bench.place, *bench.others):
        facts += prove(place, bench.keys.get(place.database, []))
    for fact in facts:
        if fact.wrong:
            print(f"{fact.database}: {fact.code} is broken {fact.wrong} times: {fact.says}", flush=True)
    print(f"proven: {len(facts)} checks, {sum(1 for fact in facts if fact.wrong)} broken", flush=True)
    return facts
