"""Places in line, as server-sent events: `moved` says that the line has moved for this reader, and how far.

Nobody is asked about each reader: one reading of a room a second, for all who wait in it here, tells every place.
"""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Final

from starlette.requests import Request as Arrived
from starlette.responses import Response

from wanku.access.actor import Actor
from wanku.audit.marks import Mark
from wanku.kernel.away import AWAY
from wanku.kernel.refusal import BUSY, NOT_FOUND, SIGN_IN, Refusal
from wanku.kernel.threads import in_thread
from wanku.live.access import Who
from wanku.live.ending import when_asked_to_end
from wanku.live.hub import Hub, Stream
from wanku.live.refused import refused
from wanku.live.streams import BEAT_SECONDS, HEADERS, MEDIA_TYPE, EventStream, Live, beginning, event_of
from wanku.ui.asked import request_of
from wanku.ui.request import Request
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.person import person_key
from wanku.waiting_room.queries import Room, room_of
from wanku.waiting_room.rules import pace
from wanku.waiting_room.states import OPEN

LOOK_SECONDS: Final = 1.0
Seen = tuple[int | None, int, int, int]
"""People ahead (none when waiting is over), free and held pieces, passes."""
TICKET: Final = re.compile(r"[0-9]{1,18}")
log = logging.getLogger(__name__)


def now_mark() -> Mark:
    """A moment as a mark: what a page was drawn with, and what it hears, tell which is newer."""
    return Mark(int(time.time() * 1000), 0)


class Waiting:
    """One reader in line: the ticket, and what was told of it last; at first nothing.

    The page was drawn before its stream was open, and nobody knows what moved in between, so each is told once after
    opening, at the pace of its place.
    """

    __slots__ = ("seen", "stream", "ticket_id", "told_at")

    def __init__(self, ticket_id: int, stream: Stream, moment: float) -> None:
        self.ticket_id = ticket_id
        self.stream = stream
        self.seen: Seen | None = None
        self.told_at = moment

    def look(self, room: Room, moment: float) -> None:
        """Tell the reader what is worth telling now: that waiting is over, or that the line or the stock has moved.

        Args:
            moment: seconds of the loop's clock.
        """
        ahead = None if room.is_gone else room.place_of(self.ticket_id)
        seen = (ahead, room.free, room.held, room.passes)
        if ahead is not None and (seen == self.seen or moment - self.told_at < pace(ahead)):
            return
        self.seen, self.told_at = seen, moment
        self.stream.offer(now_mark())


class Rooms:
    """The lines that readers of this process wait in.

    Args:
        who: tells who asks.
        live: whose questions to the database these streams share, so that all who come back together take turns.
    """

    def __init__(self, who: Who, live: Live) -> None:
        self._who = who
        self._live = live
        self.hub = Hub()
        self._waiting: dict[int, set[Waiting]] = {}
        self._watching: dict[int, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """As long as the process serves: ends every stream when it is asked to end."""
        self.hub.open()
        with when_asked_to_end(self.hub.close):
            try:
                yield
            finally:
                self.hub.close()
                for task in tuple(self._watching.values()):
                    task.cancel()

    async def open(self, arrived: Arrived) -> Response:
        """Answer with the stream of one's own ticket, or with a problem document."""
        request = request_of(arrived.scope)
        name = arrived.path_params["ticket"]
        ticket_id = int(name) if TICKET.fullmatch(name) else 0
        try:
            self.hub.require_room()
            product_id, caller = await self._live.ask(partial(self._seat, request, ticket_id))
            stream = self.hub.enter(ticket_id, caller, now_mark())
        except Refusal as refusal:
            return refused(request, refusal)
        except AWAY as problem:
            log.error("the database failed %s %s: %s", request.method, request.path, problem)
            return refused(request, Refusal(BUSY))
        if arrived.method == "HEAD":
            self.hub.leave(stream)
            return Response(None, headers=HEADERS, media_type=MEDIA_TYPE)
        reader = Waiting(ticket_id, stream, asyncio.get_running_loop().time())
        self._enter(product_id, reader)
        return EventStream(self._events(stream), partial(self._leave, product_id, reader))

    def _seat(self, request: Request, ticket_id: int) -> tuple[int, str]:
        """The product of the caller's own ticket, as long as it waits or is a pass.

        Raises:
            Refusal: ``sign_in``, ``not_found``.
        """
        actor: Actor = self._who(request)
        if actor.person_id is None and actor.guest_key is None:
            raise Refusal(SIGN_IN)
        own = Ticket.objects.filter(pk=ticket_id, person_key=person_key(actor), state__in=OPEN)
        product_id = own.values_list("product_id", flat=True).first()
        if product_id is None:
            raise Refusal(NOT_FOUND)
        return product_id, person_key(actor)

    def _enter(self, product_id: int, reader: Waiting) -> None:
        self._waiting.setdefault(product_id, set()).add(reader)
        if product_id not in self._watching:
            self._watching[product_id] = asyncio.get_running_loop().create_task(self._watch(product_id))

    def _leave(self, product_id: int, reader: Waiting) -> None:
        self.hub.leave(reader.stream)
        self._waiting.get(product_id, set()).discard(reader)

    async def _events(self, stream: Stream) -> AsyncIterator[bytes]:
        yield beginning(now_mark())
        while True:
            moved = await stream.next(BEAT_SECONDS)
            if stream.is_over:
                return
            yield event_of(moved) if moved is not None else b":\n\n"

    async def _watch(self, product_id: int) -> None:
        """Look at a room each second as long as somebody waits in it."""
        clock = asyncio.get_running_loop().time
        try:
            while self._waiting.get(product_id):
                try:
                    room = await in_thread(lambda: room_of(product_id, datetime.now(UTC)))
                except AWAY:
                    log.warning("the database is away; the line of product %s waits", product_id)
                else:
                    for reader in tuple(self._waiting[product_id]):
                        reader.look(room, clock())
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._watching.pop(product_id, None)
            if not self._waiting.get(product_id):
                self._waiting.pop(product_id, None)
