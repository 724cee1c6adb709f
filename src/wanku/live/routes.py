"""Addresses of the live door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.routing import BaseRoute

ROUTES: Final[list[BaseRoute]] = []


@asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    """What the live door keeps open as long as the process serves."""
    yield
