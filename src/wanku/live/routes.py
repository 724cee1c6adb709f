"""Addresses of the live door."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wanku.live.access import Find, desk, trade
from wanku.live.rooms import Rooms
from wanku.live.streams import Live

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(live: Live, rooms: Rooms) -> list[Route]:
    """`/live/trades/<number>` for the pages of a trade's orders, `/live/pay/<number>` for who waits for the bank, both
    the buyer's own trade; `/live/desk/<slug>` for those with a seat at that shop; `/live/rooms/<ticket>` for one's own
    place in line.
    """
    return [
        Route("/live/trades/{number}", _stream(live, trade, "number"), name="live:trade"),
        Route("/live/pay/{number}", _stream(live, trade, "number"), name="live:pay"),
        Route("/live/desk/{slug}", _stream(live, desk, "slug"), name="live:desk"),
        Route("/live/rooms/{ticket}", rooms.open, name="live:room"),
    ]


def _stream(live: Live, find: Find, name: str) -> Endpoint:
    async def stream(request: Request) -> Response:
        return await live.open(request, find, request.path_params[name])

    return stream
