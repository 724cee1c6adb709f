"""The one front: orders, notices of channels and live streams on the event loop, all else by Django in threads."""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from wanku.api.callers import caller_of
from wanku.api.rush import WHOLE as ORDERS
from wanku.api.rush import rush
from wanku.flows.buying.place_order import GATHERED as PLACING
from wanku.flows.paying.settle_attempt import GATHERED as SETTLING
from wanku.hooks.payments import PATH as NOTICES
from wanku.hooks.payments import payment_notices
from wanku.live.rooms import Rooms
from wanku.live.routes import routes
from wanku.live.streams import Live
from wanku.project.bridge import Bridge, Wsgi
from wanku.project.metrics import counted
from wanku.storefront.kept import PAGES
from wanku.storefront.quick import PATH as CHECKOUT
from wanku.storefront.quick import Page, quick_checkout

WAITING_PER_THREAD: Final = 16
"""Pages that wait beyond the threads: a short queue, so that an overload is seen early and not hidden in memory."""
SWITCH_SECONDS: Final = 0.0005
"""The event loop and the threads that commit take turns on one interpreter. With Python's five milliseconds a commit
waits that long after each statement; a tenth of it nearly doubled the orders per second."""
GARBAGE_AFTER: Final = 20_000
"""Allocations between looks for cycles; what was made at start is never looked at again."""

LIVE: Final = Live(caller_of)
ROOMS: Final = Rooms(caller_of, LIVE)


class Front:
    """The ASGI application of one process.

    Args:
        django: the WSGI application for everything that is neither rush nor live.
        threads: Django requests at once.
    """

    def __init__(self, django: Wsgi, *, threads: int) -> None:
        self._pages = Bridge(django, threads=threads, waiting_max=threads * WAITING_PER_THREAD)
        self._live = Starlette(routes=routes(LIVE, ROOMS), lifespan=_lifespan)
        sys.setswitchinterval(SWITCH_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to its door."""
        path = scope.get("path", "")
        if path.startswith("/rush/") or (path == ORDERS and scope.get("method") == "POST"):
            await rush(scope, receive, counted(scope, send))
        elif path == CHECKOUT and scope.get("method") == "POST":
            await quick_checkout(scope, receive, counted(scope, send), self._page(send))
        elif scope.get("method") == "POST" and NOTICES.fullmatch(path):
            await payment_notices(scope, receive, counted(scope, send))
        elif scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif path.startswith("/live/"):
            await self._live(scope, receive, counted(scope, send))
        else:
            await self._pages(scope, receive, send)

    def _page(self, send: Send) -> Page:
        """Django for what was left to it; it counts by itself."""

        async def page(scope: Scope, receive: Receive, _counted: Send) -> None:
            await self._pages(scope, receive, send)

        return page


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    PLACING.open()
    SETTLING.open()
    PAGES.open()
    try:
        async with LIVE.served(), ROOMS.served():
            gc.collect()
            gc.freeze()
            gc.set_threshold(GARBAGE_AFTER)
            yield
    finally:
        PAGES.close()
        SETTLING.close()
        PLACING.close()
