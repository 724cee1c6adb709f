"""Several callers at the same moment, each on a connection of its own; and the locks switched off, as a control."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.db import connections
from django.db.models import QuerySet

from wanku.kernel.gather import Gather, Place

T = TypeVar("T")
MEET_SECONDS = 2.0
"""How long the one that got the lock waits for the other, in vain."""
MEET_SECONDS_UNLOCKED = 30.0
"""Both come; how soon depends on the machine alone."""


def at_once(*calls: Callable[[], T]) -> list[T | Exception]:
    """Start all calls together; returns what each returned or raised, in order.

    The test must be marked ``django_db(transaction=True)``, since other connections only see what is committed.
    """
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | Exception:
        start.wait(10)
        try:
            return call()
        except Exception as error:  # noqa: BLE001 (whatever happened is the result)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


class Meeting:
    """A point between reading and writing at which two callers wait for each other for a moment.

    With locks only one caller gets there, waits in vain and goes on. Without locks both meet, each having read the
    state before the other's change: the race is certain instead of likely.
    """

    def __init__(self, callers: int = 2) -> None:
        self._barrier = threading.Barrier(callers)
        self.met = False

    def wait(self) -> None:
        """Wait for the others, but not for long."""
        try:
            self._barrier.wait(MEET_SECONDS)
            self.met = True
        except threading.BrokenBarrierError:
            pass

    def before(self, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
        """Meet right before the function at the dotted name ``where`` is called."""
        module, _, name = where.rpartition(".")
        wrapped: Callable[..., Any] = getattr(__import__(module, fromlist=[name]), name)

        def meet_first(*args: Any, **kwargs: Any) -> Any:
            self.wait()
            return wrapped(*args, **kwargs)

        monkeypatch.setattr(where, meet_first)


def locks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ``select_for_update`` an ordinary reading, and meetings patient."""
    monkeypatch.setattr("tests.at_once.MEET_SECONDS", MEET_SECONDS_UNLOCKED)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self._chain())


def fail_together(gather: Gather[Any, Any], batch: Sequence[Place[Any, Any]]) -> None:
    """In place of `Gather._serve`: a batch fails as a whole, since nobody is tried alone."""
    try:
        gather._answer(batch)
    except Exception as problem:  # noqa: BLE001 (whatever it was, everybody gets it)
        for place in batch:
            place.error = problem
