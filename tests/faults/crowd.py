"""Many buyers at once over sockets; those who insist come back with the same key when a connection breaks."""

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, TypeVar

from tests.cast import ADDRESS
from wanku.api.callers import new_token
from wanku.catalog.models import Variant

RUSH: Final = "/rush/orders"
REST: Final = "/api/v1/orders"
PATIENCE_SECONDS: Final = 60.0
BEFORE_AGAIN_SECONDS: Final = 0.05
BUSY: Final = 503
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def outcome(self) -> str:
        """``placed``, or status and code."""
        return "placed" if self.status == 201 else f"{self.status} {self.body.get('code')}"


@dataclass
class Buyer:
    """A guest with a token and one request key for each intent."""

    variant: Variant
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    token: str = field(default_factory=lambda: new_token(uuid.uuid4()))
    quantity: int = 1

    @property
    def body(self) -> dict[str, Any]:
        """The checkout."""
        return {
            "lines": [{"variant_id": self.variant.pk, "quantity": self.quantity}],
            "contact": {"name": "Ann", "phone": "13800138000"},
            "address": ADDRESS,
            "agreed_total": self.variant.price * self.quantity,
        }

    def order(self, port: int, path: str = RUSH) -> Said:
        """Place it, once.

        Raises:
            OSError, HTTPException: there was no answer.
        """
        headers = {"Idempotency-Key": self.key, "X-Guest-Token": self.token, "Accept-Language": "en"}
        return post(port, path, self.body, headers)

    def insist(self, port: int, path: str = RUSH) -> Said:
        """Place it, again and again until there is an answer other than "busy"."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                said = self.order(port, path)
            except (OSError, HTTPException):
                said = None
            if said is not None and said.status != BUSY:
                return said
            assert time.monotonic() < until, "no answer"
            time.sleep(BEFORE_AGAIN_SECONDS)


def post(port: int, path: str, body: Any, headers: dict[str, str]) -> Said:
    """One request on a connection of its own.

    Raises:
        OSError, HTTPException: there was no answer.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request("POST", path, raw, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        content = answer.read()
        return Said(
            answer.status, json.loads(content) if content else {}, {k.lower(): v for k, v in answer.getheaders()}
        )
    finally:
        connection.close()


def together(calls: Sequence[Callable[[], T]]) -> list[T]:
    """All at once; what each returned."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        start.wait(PATIENCE_SECONDS)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def outcomes(answers: Iterable[Said]) -> Counter[str]:
    """How many of each."""
    return Counter(answer.outcome for answer in answers)
