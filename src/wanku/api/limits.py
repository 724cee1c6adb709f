"""How often one caller may ask: token buckets in the memory of each process.

A shared counter in PostgreSQL would cost a write for every read of the catalogue, which is more than most requests cost
themselves. A bucket per process lets at most (number of processes × rate) through; that bound is what protects the
machine. What somebody could guess (tracking by number and contact) is counted in the database, exactly, by its flow.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from threading import Lock
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from wanku.api.problems import RATE
from wanku.kernel.refusal import Refusal

BUCKETS_MAX: Final = 20_000
"""Callers remembered at once in a process; the one that was silent longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` requests at once, then ``per_second``."""

    name: str
    burst: int
    per_second: float


CALLER: Final = Rate("caller", burst=300, per_second=20)
"""A key, a member or a guest token."""
ADDRESS: Final = Rate("address", burst=1_200, per_second=100)
"""Everybody behind one address, whoever they say they are; an office or a campus shares one."""
TOKENS: Final = Rate("tokens", burst=300, per_second=5)
"""New guest tokens, by address."""


class Buckets:
    """Token buckets by name."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, rate: Rate, who: str, moment: float) -> float:
        """Take one token.

        Args:
            moment: monotonic seconds.

        Returns:
            0 when there was one, else the seconds until there is.
        """
        name = f"{rate.name}:{who}"
        with self._lock:
            left, since = self._left.pop(name, (float(rate.burst), moment))
            left = min(rate.burst, left + (moment - since) * rate.per_second)
            allowed = left >= 1
            self._left[name] = (left - 1 if allowed else left, moment)
            if len(self._left) > BUCKETS_MAX:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / rate.per_second

    def clear(self) -> None:
        """Forget everybody, between tests."""
        with self._lock:
            self._left.clear()


BUCKETS: Final = Buckets()


def spend(rate: Rate, who: str) -> None:
    """Count one request of ``who``.

    Raises:
        Refusal: ``rate_limited`` with the whole seconds to wait.
    """
    if not settings.RATE_LIMITS:
        return
    wait = BUCKETS.take(rate, who, time.monotonic())
    if wait:
        raise Refusal(RATE, seconds=max(1, ceil(wait)))


def address_of(request: HttpRequest) -> str:
    """Where a request comes from.

    Behind our own proxy (the public address is https, see settings) it is what that proxy appended last to
    X-Forwarded-For; entries before it are the caller's own claim. Otherwise the socket's peer.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE else ""
    return forwarded.rsplit(",", 1)[-1].strip()[:45] or str(request.META.get("REMOTE_ADDR", ""))
