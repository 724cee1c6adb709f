"""The second process that loads the demo: the shops whose goods are nights, seats, hours, dishes and licences.

They know nothing of the history of the others, and a machine of two cores is done in little more than half the time.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from wanku.runner.demo import _clock
from wanku.runner.postgres.processes import end_with

if TYPE_CHECKING:
    from wanku.access.actor import Actor
    from wanku.runner.demo.history import Buyer


@contextmanager
def opened_meanwhile(categories: dict[str, int], operator: "Actor", buyers: "Sequence[Buyer]") -> Iterator[None]:
    """Open these shops in a process of their own while the caller does something else, and wait for it at the end.

    Raises:
        Exception: what went wrong there.
    """
    # Spawned and not forked: of threads and connections that this process has by now, a fork would inherit halves.
    method = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, method, _prepare, (os.getpid(), _clock.LOADED)) as pool:
        opened = pool.submit(_open_shops, categories, operator, buyers)
        yield
        opened.result()


def quick_commits() -> None:
    """Nobody waits for a demo to be durable; this holds for the loading connection only."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def _prepare(parent: int, loaded: datetime) -> None:
    """Before anything that was handed over is unpacked: models need Django."""
    end_with(parent, signal.SIGTERM)
    _clock.begin(loaded)
    import django

    django.setup()


def _open_shops(categories: dict[str, int], operator: "Actor", buyers: "Sequence[Buyer]") -> None:
    from wanku.runner.demo import houses, journeys, kitchens, software, visits

    quick_commits()
    kitchens.open_kitchens(categories, operator)
    houses.open_houses(categories, operator)
    journeys.open_journeys(categories, operator, buyers)
    visits.open_services(categories, operator, buyers)
    software.open_software(categories, operator, buyers)
