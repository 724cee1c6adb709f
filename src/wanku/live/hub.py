"""Who looks at what: the open streams of one process, in memory and on its event loop."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Final

from wanku.audit.announce import Subject
from wanku.audit.marks import Mark
from wanku.kernel.refusal import BUSY, Code, Refusal, gettext_noop

STREAMS_MAX: Final = 3_000
"""Open streams of one process; fewer than the requests it takes, so that pages and orders still get in."""
STREAMS_PER_CALLER_MAX: Final = 24
"""Open streams of one person or one guest's browser: more tabs than anybody looks at, on several devices."""
TOO_MANY: Final = Code("too_many_streams", gettext_noop("You have %(most)s live pages open already. Close one."), 429)


class Stream:
    """One reader's place: holds the newest mark that the reader was not told yet, and never more than that one."""

    __slots__ = ("_latest", "_told", "_waiter", "caller", "is_over", "subject")

    def __init__(self, subject: Subject, caller: str, told: Mark) -> None:
        self.subject = subject
        self.caller = caller
        self.is_over = False
        self._told = told
        self._latest = told
        self._waiter: asyncio.Future[None] | None = None

    def offer(self, mark: Mark) -> None:
        """There is a mark. Older ones and those already told are passed over."""
        if mark > self._latest:
            self._latest = mark
            self._wake()

    def end(self) -> None:
        """No more: whoever waits goes home."""
        self.is_over = True
        self._wake()

    async def next(self, seconds: float) -> Mark | None:
        """The newest mark as soon as there is one that was not told; none after `seconds`, or when it is over."""
        if self._latest <= self._told and not self.is_over:
            # No `asyncio.timeout`: it cancels the current task, and granian's callers run in none of asyncio's own.
            loop = asyncio.get_running_loop()
            self._waiter = loop.create_future()
            alarm = loop.call_later(seconds, self._wake)
            try:
                await self._waiter
            finally:
                alarm.cancel()
                self._waiter = None
        if self._latest <= self._told or self.is_over:
            return None
        self._told = self._latest
        return self._told

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Hub:
    """The streams by subject, and how many each caller has."""

    def __init__(self, *, most: int = STREAMS_MAX, most_per_caller: int = STREAMS_PER_CALLER_MAX) -> None:
        self._most = most
        self._most_per_caller = most_per_caller
        self._streams: dict[Subject, set[Stream]] = {}
        self._callers: Counter[str] = Counter()
        self._is_closed = False

    def __len__(self) -> int:
        return self._callers.total()

    def subjects(self) -> set[Subject]:
        """What somebody looks at."""
        return set(self._streams)

    def enter(self, subject: Subject, caller: str, told: Mark) -> Stream:
        """Begin to look at a subject, of which the reader knows `told`. Every stream must `leave`.

        Raises:
            Refusal: ``busy`` when the process is full or ending, ``too_many_streams`` when the caller has enough.
        """
        self.require_room()
        if self._callers[caller] >= self._most_per_caller:
            raise Refusal(TOO_MANY, most=self._most_per_caller)
        stream = Stream(subject, caller, told)
        self._streams.setdefault(subject, set()).add(stream)
        self._callers[caller] += 1
        return stream

    def require_room(self) -> None:
        """Raise when nobody else can be let in.

        Raises:
            Refusal: ``busy``.
        """
        if self._is_closed or len(self) >= self._most:
            raise Refusal(BUSY)

    def leave(self, stream: Stream) -> None:
        """Stop looking; harmless when repeated."""
        there = self._streams.get(stream.subject, set())
        if stream not in there:
            return
        there.remove(stream)
        if not there:
            del self._streams[stream.subject]
        self._callers[stream.caller] -= 1
        if not self._callers[stream.caller]:
            del self._callers[stream.caller]

    def publish(self, marks: Mapping[Subject, Mark]) -> None:
        """Tell everybody who looks at one of these."""
        for subject, mark in marks.items():
            for stream in self._streams.get(subject, ()):
                stream.offer(mark)

    def open(self) -> None:
        """Let readers in, after `close`."""
        self._is_closed = False

    def close(self) -> None:
        """End every stream and let nobody in any more."""
        self._is_closed = True
        for streams in self._streams.values():
            for stream in streams:
                stream.end()
