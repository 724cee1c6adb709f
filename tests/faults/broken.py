"""The front with one thing broken, for controls and for a death at a chosen moment: named by WANKU_TEST_FAULT."""

import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from wanku.project.asgi import application

__all__ = ["application"]

# Django is set up by the import above.
from django.conf import settings
from django.db import connection

from tests.at_once import fail_together
from wanku.flows.buying import _sql, place_orders
from wanku.flows.buying.place_order import GATHERED as PLACING
from wanku.flows.paying.settle_attempt import GATHERED as SETTLING
from wanku.kernel.gather import Gather

MEETING: Final = 4711
MEET_SECONDS: Final = 5.0
UNLOCKED: Final = "SELECT id, free FROM inventory_supply WHERE id = ANY($1::bigint[]) ORDER BY id"
PRESENT: Final = """
SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE locktype = 'advisory' AND objid = %s AND granted AND d.datname = current_database()
"""


def meet() -> None:
    """Wait inside the transaction until another process is at the same point: both have read, neither has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [MEETING])
        until = time.monotonic() + MEET_SECONDS
        present = 0
        while present < 2 and time.monotonic() < until:
            cursor.execute(PRESENT, [MEETING])
            present = cursor.fetchone()[0]


def unlocked() -> None:
    """The order engine reads what it should lock, and meets the other process before it writes."""
    write: Callable[..., None] = _sql.write
    met: list[None] = []

    def meet_once(*args: Any) -> None:
        if not met:
            met.append(None)
            meet()
        write(*args)

    _sql.LOCK_SUPPLIES = UNLOCKED  # type: ignore[misc]
    _sql.write = meet_once  # type: ignore[assignment]


def no_second_look() -> None:
    """Besides, nobody looks again when a key was written elsewhere, neither the flow nor the gather."""
    unlocked()
    place_orders.AGAIN = ()  # type: ignore[misc, assignment]
    Gather._serve = fail_together  # type: ignore[method-assign, assignment]


def silent() -> None:
    """What is committed is never answered: as if the process died between the two."""
    never = threading.Event()
    for gather in (PLACING, SETTLING):
        work = gather._work

        def commit_and_stop(batch: Sequence[Any], work: Callable[..., Any] = work) -> Any:
            work(batch)
            never.wait()

        gather._work = commit_and_stop


def undisturbed() -> None:
    """Nothing is broken, and errors are told as in production, while sessions and tokens of tests are good."""
    settings.DEBUG = False


FAULTS: Final = (unlocked, no_second_look, silent, undisturbed)
next(fault for fault in FAULTS if fault.__name__ == os.environ["WANKU_TEST_FAULT"])()
