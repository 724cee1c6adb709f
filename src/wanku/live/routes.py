"""Addresses of the live door."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wanku.live.access import desk, trade
from wanku.live.streams import Live

LIVE: Final = Live()
lifespan = LIVE.served
"""What the live door keeps open as long as the process serves."""


async def trade_stream(request: Request) -> Response:
    """`GET /live/trades/<number>`: the buyer's own trade, for the pages of its orders."""
    return await LIVE.open(request, trade, request.path_params["number"])


async def pay_stream(request: Request) -> Response:
    """`GET /live/pay/<number>`: the same trade, for who waits for the bank."""
    return await LIVE.open(request, trade, request.path_params["number"])


async def desk_stream(request: Request) -> Response:
    """`GET /live/desk/<slug>`: what happens at a shop, for those with a seat there."""
    return await LIVE.open(request, desk, request.path_params["slug"])


ROUTES: Final[list[BaseRoute]] = [
    Route("/live/trades/{number}", trade_stream, name="live:trade"),
    Route("/live/pay/{number}", pay_stream, name="live:pay"),
    Route("/live/desk/{slug}", desk_stream, name="live:desk"),
]
