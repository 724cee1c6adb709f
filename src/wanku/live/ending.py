"""Hearing that the process is asked to end, early enough."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def when_asked_to_end(call: Callable[[], None]) -> Iterator[None]:
    """Run ``call`` on the loop when the process gets a signal to end; whoever handled that before does so still.

    A server waits for its open requests before it ends the lifespan, and streams are requests that stay open: without
    this, each restart would take until the server loses patience and kills. asyncio writes every signal that Python
    handles to its own pipe, so its handlers run too, whatever handler is set here.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def heard(number: int, frame: Any) -> None:
        loop.call_soon_threadsafe(call)
        earlier = before[signal.Signals(number)]
        if callable(earlier):
            earlier(number, frame)

    for number in SIGNALS:
        signal.signal(number, heard)
        # As asyncio had it: a signal interrupts no system call.
        signal.siginterrupt(number, False)  # noqa: FBT003 - takes no keyword
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
