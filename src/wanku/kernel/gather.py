"""Group commit: whoever arrives while a commit is under way joins the next one.

One thread does the work. It takes everybody who waits, in order of arrival, commits them together and answers them;
meanwhile the next ones gather. There is no timer: an idle process serves a single caller at once, and a crowd shares
the cost of one transaction (measured in `docs/decisions/0009-group-commit.md`).
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from django.db import close_old_connections, connection, connections

from wanku.kernel.away import AWAY
from wanku.kernel.refusal import BUSY, Refusal

T = TypeVar("T")
R = TypeVar("R")
WAITING_MAX: Final = 2_000
"""Callers that may wait; beyond them the answer is "busy" at once, and not a queue that hides in memory."""
BATCH_MAX: Final = 128
"""Callers in one commit: beyond this, a batch only adds to the time that its first one waits."""
PATIENCE_SECONDS: Final = 20.0
log = logging.getLogger(__name__)


class Place(Generic[T, R]):
    """One caller in the queue, with its answer once there is one."""

    __slots__ = ("answer", "error", "future", "item", "left", "ready")

    def __init__(self, item: T, future: "asyncio.Future[R] | None" = None) -> None:
        self.item = item
        self.future = future
        self.ready = threading.Event()
        self.answer: R | None = None
        self.error: Exception | None = None
        self.left = False

    @property
    def gave_up(self) -> bool:
        """Whether nobody waits here any more."""
        return self.left or (self.future is not None and self.future.done())


class Gather(Generic[T, R]):
    """A queue before one transaction at a time. What waits meanwhile makes the next batch larger and so cheaper; other
    cores are kept busy by other processes.

    Args:
        work: answers a batch in its order, all committed when it returns; an expected "no" is an answer too. It must
            bear being repeated for callers whose outcome is unknown, which request keys give.
        name: of the thread, for people who look at one.
    """

    def __init__(
        self,
        work: Callable[[Sequence[T]], Sequence[R]],
        *,
        name: str,
        waiting_max: int = WAITING_MAX,
        batch_max: int = BATCH_MAX,
    ) -> None:
        self._work = work
        self._name = name
        self._waiting_max = waiting_max
        self._batch_max = batch_max
        self._waiting: deque[Place[T, R]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self.is_open = False

    def open(self) -> None:
        """Start to gather; until then callers do their work themselves (tests, commands)."""
        with self._changed:
            if self.is_open:
                return
            self.is_open = True
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Answer those who wait, then stop."""
        with self._changed:
            self.is_open = False
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(PATIENCE_SECONDS)

    def do(self, item: T) -> R:
        """Have one item worked on, together with others where the queue is open.

        Inside somebody's transaction it belongs to that one, and not to a commit of others.

        Raises:
            Refusal: as `ask`.
        """
        if self.is_open and not connection.in_atomic_block:
            return self.ask(item)
        return self._work([item])[0]

    def ask(self, item: T) -> R:
        """Join the next batch and wait for the answer.

        Raises:
            Refusal: ``busy`` when too many wait, or when the database cannot say. The outcome may then be unknown: the
                same request key, sent again, tells it.
        """
        place: Place[T, R] = Place(item)
        self._join(place)
        if not place.ready.wait(PATIENCE_SECONDS):
            place.left = True
            raise Refusal(BUSY)
        if place.error is not None:
            raise place.error
        return place.answer  # type: ignore[return-value]

    async def ask_async(self, item: T) -> R:
        """`ask` for a caller on an event loop.

        Raises:
            Refusal: as `ask`.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._join(Place(item, future))
        # A timer of the loop itself: `asyncio.timeout` costs several times as much for each caller.
        patience = loop.call_later(PATIENCE_SECONDS, _give_up, future)
        try:
            return await future
        finally:
            patience.cancel()

    def _join(self, place: Place[T, R]) -> None:
        with self._changed:
            if not self.is_open or len(self._waiting) >= self._waiting_max:
                raise Refusal(BUSY)
            self._waiting.append(place)
            self._changed.notify()

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            if batch:
                self._serve(batch)
            _deliver(batch)
        connections.close_all()

    def _next(self) -> list[Place[T, R]] | None:
        """Who waits, as soon as somebody does; none when it is over."""
        with self._changed:
            while not self._waiting and self.is_open:
                self._changed.wait()
            if not self._waiting:
                return None
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._batch_max))]
        # Who was told "busy" meanwhile gets no order that nobody knows of.
        return [place for place in batch if not place.gave_up]

    def _serve(self, batch: Sequence[Place[T, R]]) -> None:
        """Work on a batch. If the database failed, once more; if a request did, each alone."""
        for last in (False, True):
            try:
                close_old_connections()
                self._answer(batch)
                return
            except AWAY as problem:
                # A lost connection, a full disk, a deadlock: the requests are not to blame.
                log.warning("%s: the database failed a batch of %s: %s", self._name, len(batch), problem)
                connections.close_all()
                if last:
                    for place in batch:
                        place.error = Refusal(BUSY)
            except Exception as problem:
                if len(batch) == 1:
                    log.exception("%s: a request failed", self._name)
                    batch[0].error = problem
                else:
                    for place in batch:
                        self._serve([place])
                return

    def _answer(self, batch: Sequence[Place[T, R]]) -> None:
        answers = self._work([place.item for place in batch])
        for place, answer in zip(batch, answers, strict=True):
            place.answer = answer


def _give_up(future: "asyncio.Future[R]") -> None:
    if not future.done():
        future.set_exception(Refusal(BUSY))


def _deliver(batch: "Sequence[Place[T, R]]") -> None:
    """Wake the callers; those of one event loop together, since each wake-up of a loop costs a system call."""
    loops: dict[asyncio.AbstractEventLoop, list[Place[T, R]]] = {}
    for place in batch:
        if place.future is None:
            place.ready.set()
        else:
            loops.setdefault(place.future.get_loop(), []).append(place)
    for loop, places in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve, places)
        except RuntimeError:
            log.warning("an event loop ended before its %s callers were answered", len(places))


def _resolve(places: "Sequence[Place[T, R]]") -> None:
    for place in places:
        future = place.future
        if future is None or future.done():
            continue
        if place.error is not None:
            future.set_exception(place.error)
        else:
            future.set_result(place.answer)  # type: ignore[arg-type]
