"""Being asked to stop, however often and however fast."""

import contextlib
import os
import select
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType

KINDS = (signal.SIGINT, signal.SIGTERM)
PIPE_BYTES = 1 << 20
"""More than a pipe holds, so that one reading empties it."""


class SignalEvent(threading.Event):
    """An event that a signal handler may set; it keeps two file descriptors for as long as the process lives.

    The lock of a plain event is not reentrant: set by a handler, it waits for ever for what the signal interrupted, be
    that a wait for the same event or an earlier signal. When a parent of several threads is killed, a child hears of it
    once for each of them within microseconds. Here the event is a byte in a pipe, which whoever waits leaves there.
    """

    def __init__(self) -> None:
        super().__init__()
        self._reader, self._writer = os.pipe()
        for end in (self._reader, self._writer):
            os.set_blocking(end, False)

    def is_set(self) -> bool:
        """Whether it was set and not cleared since."""
        return self.wait(0)

    def set(self) -> None:
        """Let go whoever waits."""
        with contextlib.suppress(BlockingIOError):  # the pipe is full, so the event is set
            os.write(self._writer, b"!")

    def clear(self) -> None:
        """Take back what was set so far."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._reader, PIPE_BYTES)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, at most so many seconds; whether it is."""
        ready, _, _ = select.select([self._reader], [], [], None if timeout is None else max(0.0, timeout))
        return bool(ready)


@dataclass(slots=True)
class Asked:
    """What a process was asked so far."""

    stop: SignalEvent = field(default_factory=SignalEvent)
    times: int = 0

    def hurry(self) -> bool:
        """Whether it was asked more than once."""
        return self.times > 1


@contextlib.contextmanager
def asked_to_stop(*kinds: signal.Signals) -> Iterator[Asked]:
    """Set `Asked.stop` at any of these signals (`KINDS`, if none is named) instead of ending at once.

    A signal that is ignored already stays ignored. Call it in the main thread.
    """
    asked = Asked()

    def ask(number: int, frame: FrameType | None) -> None:
        asked.times += 1
        asked.stop.set()

    chosen = (kind for kind in kinds or KINDS if signal.getsignal(kind) is not signal.SIG_IGN)
    before = {kind: signal.signal(kind, ask) for kind in chosen}
    try:
        yield asked
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
