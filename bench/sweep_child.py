"""One sweeper that looks after unpaid trades only, until none is due or its patience ends."""

import json
import sys
import time

import django


def main() -> None:
    """``ready``, then at a word begin, then how many were done."""
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from wanku.jobs.sweeps import sweeps

    sweep = next(s for s in sweeps() if s.name == "expire_trades")
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    until, done = time.monotonic() + float(sys.argv[1]), 0
    while time.monotonic() < until:
        count = sweep.act(now=timezone.now(), limit=sweep.limit)
        if not count:
            break
        done += count
    print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main()
