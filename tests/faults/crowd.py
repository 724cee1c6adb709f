"""Many buyers at once over sockets; those who insist come back with the same key when a connection breaks."""

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, TypeVar

from django.db import connection, transaction

from tests.cast import ADDRESS
from wanku.api.callers import new_token
from wanku.catalog.models import Variant
from wanku.inventory.models import Supply

RUSH: Final = "/rush/orders"
REST: Final = "/api/v1/orders"
PATIENCE_SECONDS: Final = 60.0
BEFORE_AGAIN_SECONDS: Final = 0.05
BUSY: Final = 503
WAITING_FOR_A_LOCK: Final = """
SELECT count(*) FROM pg_locks w JOIN pg_locks h ON h.pid = w.pid JOIN pg_database d ON d.oid = h.database
WHERE NOT w.granted AND h.granted AND h.locktype = 'relation' AND d.datname = current_database()
"""
"""Nonzero when somebody waits: in this database, since other tests wait in theirs; what is waited for (the end of a
transaction) names no database, but who waits holds its tables. Not counted by `pg_stat_activity`, which stands still
in a transaction."""
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
    name: str = "Ann"

    @property
    def body(self) -> dict[str, Any]:
        """The checkout."""
        return {
            "lines": [{"variant_id": self.variant.pk, "quantity": self.quantity}],
            "contact": {"name": self.name, "phone": "13800138000"},
            "address": ADDRESS,
            "agreed_total": self.variant.price * self.quantity,
        }

    @property
    def headers(self) -> dict[str, str]:
        """Who asks, and under which key."""
        return {"Idempotency-Key": self.key, "X-Guest-Token": self.token, "Accept-Language": "en"}

    def order(self, port: int, path: str = RUSH) -> Said:
        """Place it, once.

        Raises:
            OSError, HTTPException: there was no answer.
        """
        return post(port, path, self.body, self.headers)

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


def post(port: int, path: str, body: Any, headers: Mapping[str, str]) -> Said:
    """`send` of JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return send(port, "POST", path, {"Content-Type": "application/json", **headers}, raw)


def send(port: int, method: str, path: str, headers: Mapping[str, str], raw: bytes | None = None) -> Said:
    """One request on a connection of its own.

    Raises:
        OSError, HTTPException: there was no answer.
    """
    line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        line.request(method, path, raw, dict(headers))
        answer = line.getresponse()
        content = answer.read()
        found = {name.lower(): value for name, value in answer.getheaders()}
        body = json.loads(content) if content and "json" in found.get("content-type", "") else {}
        return Said(answer.status, body, found)
    finally:
        line.close()


@contextmanager
def locked(variant: Variant) -> Iterator[None]:
    """The counter is held by somebody else, so that a batch which wants it has begun and cannot write."""
    with transaction.atomic():
        Supply.objects.select_for_update().get(key=variant.supply_key)
        yield


def until(count: int, sql: str) -> None:
    """Wait for the database to tell so many. Inside a transaction, ask nothing of which it keeps a snapshot."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            if cursor.fetchone()[0] >= count:
                return
        time.sleep(0.005)
    raise AssertionError(f"not {count}: {sql}")


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
