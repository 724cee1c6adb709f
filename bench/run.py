"""All rows one after another; Django is set up by now."""

import argparse
import time
from datetime import datetime

from bench import capturing, ordering, paging, shop, sweeping
from bench.place import Place
from bench.rows import Bench, Measure, Row

ROWS: dict[str, Measure] = {
    "place_order_rush_random": ordering.place_order_rush_random,
    "place_order_rush_hot": ordering.place_order_rush_hot,
    "place_order_rest_random": ordering.place_order_rest_random,
    "place_order_page_random": ordering.place_order_page_random,
    "capture_callbacks": capturing.capture_callbacks,
    "pages": paging.pages,
    "sweeper": sweeping.sweeper,
}


def run(options: argparse.Namespace, here: Place, now: datetime, began: float) -> int:
    """Fill, measure, prove."""
    filled = shop.fill(now)
    first_page = here.open_web()
    print(f"ready after {time.monotonic() - began:.1f} s (shop {filled.seconds:.1f} s, web {first_page:.1f} s)", flush=True)
    bench = Bench(here, filled, options.seconds or (3.0 if options.quick else 6.0), options.rounds or 2, options.quick)
    rows: list[Row] = []
    for name in options.only or ROWS:
        for row in ROWS[name](bench):
            rows.append(row)
            ratio = f"{row.ratio:.2f}" if row.ratio else "-"
            print(
                f"{row.name:30} ours {row.ours:8.1f} beside {row.beside or 0:8.1f} ratio {ratio} "
                f"p50 {row.p50_ms or 0:.1f} p99 {row.p99_ms or 0:.1f} ms refused {row.refused} "
                f"client cpu {row.client_cpu:.2f} {row.skipped} {row.facts}",
                flush=True,
            )
    print("unstored:", ordering.unstored(bench.keys), "of", len(bench.keys))
    return 0
