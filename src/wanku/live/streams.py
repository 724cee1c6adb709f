"""The live streams, as server-sent events: a trade for its buyer, a desk for its shop's staff.

An event says that something moved, never what: the page then asks for its living part at the address that it would
poll otherwise, so what is shown, and to whom, is decided in one place.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, TypeVar

from starlette.requests import Request as Arrived
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from wanku.audit.marks import Mark
from wanku.kernel.away import AWAY
from wanku.kernel.refusal import BUSY, Refusal
from wanku.kernel.threads import in_thread
from wanku.live.access import Find, Seat, Who, take_seat
from wanku.live.ending import when_asked_to_end
from wanku.live.feed import Feed
from wanku.live.hub import Hub, Stream
from wanku.live.refused import RETRY_SECONDS, refused
from wanku.ui.asked import request_of

RETRY_MS: Final = 2_000
"""How long a browser waits before it comes back."""
BEAT_SECONDS: Final = 15.0
"""Silence after which a comment is sent, so that nothing on the way thinks that the line is dead."""
GAP_SECONDS: Final = 0.5
"""The least time between two events of one stream; what moves meanwhile makes one event."""
AGAIN_SECONDS: Final = 60.0
"""How often it is asked whether the reader still may look: a stream ends this long after the session at the latest."""
ASKING_MAX: Final = 2
"""Questions to the database at once, so that a thousand readers who come back leave threads for orders."""
WAITING_MAX: Final = 1_500
"""Readers who may wait for their question; beyond them the answer is 503 at once."""
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}
MEDIA_TYPE: Final = "text/event-stream"
R = TypeVar("R")
log = logging.getLogger(__name__)


class EventStream(StreamingResponse):
    """Lines as they come; `then` runs when the reader has gone, even before the first line."""

    def __init__(self, lines: AsyncIterator[bytes], then: Callable[[], None]) -> None:
        super().__init__(lines, headers=HEADERS, media_type=MEDIA_TYPE)
        self._then = then

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._then()


class Live:
    """The streams of one process: what it takes to open one, and to end them all.

    Args:
        who: tells who asks, by key, token or session.
    """

    def __init__(self, who: Who) -> None:
        self._who = who
        self.hub = Hub()
        self.feed = Feed(self.hub)
        self._asking = asyncio.Semaphore(ASKING_MAX)
        self._waiting = 0

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """As long as the process serves: ends every stream when it is asked to end, and gives the connection back."""
        # A semaphore belongs to one loop; a test has many.
        self._asking = asyncio.Semaphore(ASKING_MAX)
        self.hub.open()
        with when_asked_to_end(self.hub.close):
            try:
                yield
            finally:
                self.hub.close()
                await self.feed.close()

    async def open(self, arrived: Arrived, find: Find, name: str) -> Response:
        """Answer with the stream of what `find` gives for a name, or with a problem document."""
        request = request_of(arrived.scope)
        ask = partial(take_seat, request, self._who, find, name)
        try:
            self.hub.require_room()
            seat = await self.ask(ask)
            stream = self.hub.enter(seat.subject, seat.caller, seat.mark)
        except Refusal as refusal:
            return refused(request, refusal)
        except AWAY as problem:
            log.error("the database failed %s %s: %s", request.method, request.path, problem)
            return refused(request, Refusal(BUSY))
        self.feed.start()
        leave = partial(self.hub.leave, stream)
        if arrived.method == "HEAD":
            leave()
            return Response(None, headers=HEADERS, media_type=MEDIA_TYPE)
        # A browser that comes back says what it heard last; a new page says what it shows.
        told = arrived.headers.get("last-event-id") or arrived.query_params.get("after")
        return EventStream(self._events(stream, seat.mark, told, ask), leave)

    async def ask(self, ask: Callable[[], R]) -> R:
        """Have the database asked in a thread, a few at a time.

        Raises:
            Refusal: ``busy`` when too many wait for their question.
        """
        if self._waiting >= WAITING_MAX:
            raise Refusal(BUSY)
        self._waiting += 1
        try:
            async with self._asking:
                return await in_thread(ask)
        finally:
            self._waiting -= 1

    async def _events(
        self, stream: Stream, mark: Mark, told: str | None, ask: Callable[[], Seat]
    ) -> AsyncIterator[bytes]:
        """The lines of one stream, until its reader leaves, may look no longer, or the process ends."""
        clock = asyncio.get_running_loop().time
        # The id goes first, so that a reader who is cut off before any event says what was known.
        yield beginning(mark)
        if told and told != str(mark):
            yield event_of(mark)
        again = clock() + AGAIN_SECONDS
        while True:
            moved = await stream.next(min(BEAT_SECONDS, max(0.0, again - clock())))
            if clock() >= again:
                again = clock() + AGAIN_SECONDS
                if not await self._still_may(stream, ask):
                    return
            if stream.is_over:
                return
            yield event_of(moved) if moved is not None else b":\n\n"
            if moved is not None:
                await asyncio.sleep(GAP_SECONDS)

    async def _still_may(self, stream: Stream, ask: Callable[[], Seat]) -> bool:
        try:
            return (await self.ask(ask)).subject == stream.subject
        except Refusal as refusal:
            # A full queue is no answer to the question; it is asked again next time.
            return refusal.code.status in RETRY_SECONDS
        except AWAY:
            return True


def beginning(mark: Mark) -> bytes:
    """What every stream starts with: when to come back, and what is known now."""
    return f"retry: {RETRY_MS}\nid: {mark}\n\n".encode()


def event_of(mark: Mark) -> bytes:
    """That something moved."""
    data = json.dumps({"move": mark.move}, separators=(",", ":"))
    return f"id: {mark}\nevent: moved\ndata: {data}\n\n".encode()
