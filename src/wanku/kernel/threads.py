"""Blocking work in threads of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from django.db import close_old_connections

R = TypeVar("R")
THREADS: Final = 4
"""Each keeps a database connection, so they are few; what is read here is short."""
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reading")


async def in_thread(call: Callable[[], R]) -> R:
    """Run ``call`` in a thread with a healthy database connection."""
    return await asyncio.get_running_loop().run_in_executor(_pool, healthy, call)


def healthy(call: Callable[[], R]) -> R:
    """Run ``call`` with a healthy database connection of this thread."""
    close_old_connections()
    try:
        return call()
    finally:
        close_old_connections()
