"""Being asked to stop, however often and however fast."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue
from types import FrameType

KINDS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Asked:
    """What a process was asked so far."""

    stop: threading.Event = field(default_factory=threading.Event)
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
    heard: SimpleQueue[int | None] = SimpleQueue()

    def note(number: int, frame: FrameType | None) -> None:
        # An event has a lock that is not reentrant: set from here, it would wait for ever for what this interrupted,
        # be that a wait for the same event or an earlier signal. When a parent of several threads is killed, a child
        # hears of it once for each of them within microseconds.
        heard.put(number)

    def tell() -> None:
        for _number in iter(heard.get, None):
            asked.times += 1
            asked.stop.set()

    teller = threading.Thread(target=tell, name="asked-to-stop", daemon=True)
    teller.start()
    chosen = (kind for kind in kinds or KINDS if signal.getsignal(kind) is not signal.SIG_IGN)
    before = {kind: signal.signal(kind, note) for kind in chosen}
    try:
        yield asked
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
        heard.put(None)
        teller.join()
