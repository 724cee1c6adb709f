"""``python -m bench``: measure, prove, report."""

import argparse
import os
import sys
import time
from datetime import UTC, datetime

from bench.place import Place, place


def arguments() -> argparse.Namespace:
    """What to measure, and how long."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="ROW", help="only this row; may be repeated")
    parser.add_argument("--quick", action="store_true", help="shorter rounds, smaller sizes; under three minutes")
    parser.add_argument("--seconds", type=float, help="length of one round")
    parser.add_argument("--rounds", type=int, help="rounds of each side")
    parser.add_argument(
        "--web", default="", metavar="ARGS", help='further arguments of `wanku web`, e.g. "--threads 16"'
    )
    parser.add_argument("--growth", type=int, metavar="ORDERS", help="the most past orders, e.g. 10000000")
    parser.add_argument("--out", metavar="FOLDER", help="where the report goes; without --only it is bench/")
    parser.add_argument("--nice", type=int, default=0, metavar="N", help="priority of both sides; below 0 needs root")
    parser.add_argument("--keep", action="store_true", help="keep the folder with database and logs")
    return parser.parse_args()


def main() -> int:
    """Measure; 1 when an invariant does not hold."""
    options = arguments()
    began = time.monotonic()
    os.nice(options.nice)
    with place(web_words=options.web.split(), keep=options.keep) as here:
        return _measure(options, here, began)


def _measure(options: argparse.Namespace, here: Place, began: float) -> int:
    os.environ.update(here.environ)
    import django

    django.setup()
    from bench import run

    return run.run(options, here, datetime.now(UTC), began)


if __name__ == "__main__":
    sys.exit(main())
