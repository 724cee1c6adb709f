"""What a crowd has just found sold out, in memory, so that the rest of it need not ask the counter one by one.

A single buyer is always answered by the counter. Only when several were refused for a counter at zero, the next ones
are refused from memory, for a second at most; then somebody looks again. So pieces that come back (an unpaid order
expires, the merchant restocks) are on offer again within a second, and the hot row is read once a second and not for
each of ten thousand buyers.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from typing import Final

CROWD: Final = 8
"""Refusals by the counter itself before memory answers."""
TRUST_SECONDS: Final = 1.0


class Gone:
    """Counters that a crowd found at zero."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused: dict[int, int] = {}
        self._until: dict[int, float] = {}

    def among(self, supplies: Iterable[int]) -> set[int]:
        """Which of these are known to be at zero now."""
        if not self._until:
            return set()
        now = time.monotonic()
        with self._lock:
            return {supply for supply in supplies if self._until.get(supply, 0.0) > now}

    def learn(self, left: Mapping[int, int], refused: Mapping[int, int]) -> None:
        """What a batch found under lock.

        Args:
            left: pieces by counter after the batch.
            refused: buyers by counter who wanted more than there was.
        """
        now = time.monotonic()
        with self._lock:
            for supply, pieces in left.items():
                if pieces > 0:
                    self._refused.pop(supply, None)
                    self._until.pop(supply, None)
                elif supply in refused:
                    count = self._refused[supply] = self._refused.get(supply, 0) + refused[supply]
                    if count >= CROWD:
                        self._until[supply] = now + TRUST_SECONDS

    def forget(self) -> None:
        """Drop everything, between tests."""
        with self._lock:
            self._refused.clear()
            self._until.clear()


GONE: Final = Gone()
