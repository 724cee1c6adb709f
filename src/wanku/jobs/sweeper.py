"""The sweeper: looks after all clocks, in any number of processes at once.

What is due lies in the tables, with its moment; nothing is lost when a sweeper dies, and several take turns by
``FOR UPDATE SKIP LOCKED``.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connections
from django.utils import timezone

from wanku.jobs.sweeps import Lane, Sweep, sweeps

log = logging.getLogger(__name__)
FAILED_WAIT_SECONDS, FAILED_WAIT_SECONDS_MAX = 1.0, 60.0
IDLE_SECONDS_MIN = 0.05
REPORT_SECONDS = 60.0


@dataclass(slots=True)
class Watch:
    """One sweep with its next look, in monotonic seconds, and what it did since the last report."""

    sweep: Sweep
    next_at: float = 0.0
    failures: int = 0
    done: int = 0
    seconds: float = 0.0
    errors: int = field(default=0)

    def look(self, now: datetime, clock: Callable[[], float]) -> None:
        """Act on what is due. An error is logged and makes the next look wait, longer each time."""
        start = clock()
        try:
            count = self.sweep.act(now=now, limit=self.sweep.limit)
        except Exception:
            log.exception("sweep %s failed", self.sweep.name)
            self.failures += 1
            self.errors += 1
            wait = min(FAILED_WAIT_SECONDS * 2 ** (self.failures - 1), FAILED_WAIT_SECONDS_MAX)
            # Whatever state the connection is in, the next look gets a fresh one.
            connections.close_all()
        else:
            self.failures = 0
            self.done += count
            wait = 0.0 if count >= self.sweep.limit else self.sweep.wait
        self.seconds += clock() - start
        self.next_at = clock() + wait

    def report(self) -> str:
        """What it did since it was last asked; empty for nothing."""
        text = f"{self.sweep.name} {self.done} in {self.seconds:.2f} s" if self.done or self.errors else ""
        text += f", {self.errors} failed" if self.errors else ""
        self.done, self.seconds, self.errors = 0, 0.0, 0
        return text


def run(stop: threading.Event) -> None:
    """Sweep until ``stop`` is set; what is under way is finished first. One thread per lane."""
    by_lane: dict[Lane, list[Sweep]] = {}
    for sweep in sweeps():
        by_lane.setdefault(sweep.lane, []).append(sweep)
    threads = [
        threading.Thread(target=_keep_lane, args=(watched, stop), name=f"sweep-{lane}")
        for lane, watched in by_lane.items()
    ]
    log.info("sweeper: %s", ", ".join(sweep.name for watched in by_lane.values() for sweep in watched))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def once(now: datetime) -> Sequence[Watch]:
    """Act on everything that is due at ``now``, in this thread; a sweep in trouble is counted and left."""
    watches = [Watch(sweep) for sweep in sweeps()]
    for watch in watches:
        full = True
        while full and not watch.errors:
            before = watch.done
            watch.look(now, time.monotonic)
            full = watch.done - before >= watch.sweep.limit
    return watches


def _keep_lane(watched: Sequence[Sweep], stop: threading.Event) -> None:
    watches = [Watch(sweep) for sweep in watched]
    reported = time.monotonic()
    try:
        while not stop.is_set():
            sweep_once(watches, timezone.now(), time.monotonic)
            if time.monotonic() - reported >= REPORT_SECONDS:
                reported = time.monotonic()
                _report(watches)
            stop.wait(max(IDLE_SECONDS_MIN, min(watch.next_at for watch in watches) - time.monotonic()))
    finally:
        _report(watches)
        connections.close_all()


def sweep_once(watches: Sequence[Watch], now: datetime, clock: Callable[[], float]) -> None:
    """Look once at everything that is due for a look; a sweep in trouble never keeps the others from theirs."""
    for watch in watches:
        if watch.next_at <= clock():
            watch.look(now, clock)


def _report(watches: Sequence[Watch]) -> None:
    texts = [text for watch in watches if (text := watch.report())]
    if texts:
        log.info("swept: %s", "; ".join(texts))
