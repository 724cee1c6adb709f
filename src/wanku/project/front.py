"""The one front: live streams and orders of crowds on the event loop, everything else by Django in threads."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount

from wanku.api.rush import ROUTES as RUSH
from wanku.flows.buying.place_order import GATHERED as PLACING
from wanku.live.routes import ROUTES as LIVE
from wanku.live.routes import lifespan as live
from wanku.project.bridge import Bridge, Wsgi

WAITING_PER_THREAD: Final = 16
"""Pages that wait beyond the threads: a short queue, so that an overload is seen early and not hidden in memory."""


def build(django: Wsgi, *, threads: int) -> Starlette:
    """The application of one process.

    Args:
        threads: Django requests at once.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            PLACING.open()
            stack.callback(PLACING.close)
            await stack.enter_async_context(live())
            yield

    bridge = Bridge(django, threads=threads, waiting_max=threads * WAITING_PER_THREAD)
    return Starlette(routes=[*RUSH, *LIVE, Mount("/", app=bridge)], lifespan=lifespan)
