"""Says after the commit whose things have moved, so that pages which are open look at once."""

import json
import threading
from collections.abc import Iterable, Sequence
from typing import Final, Protocol
from uuid import UUID

from django.db import connection, transaction

CHANNEL: Final = "wanku_moves"
PAYLOAD_MAX: Final = 7_500
"""Bytes of one notification; PostgreSQL refuses 8,000."""

Subject = UUID | int
"""Whose page may have changed: a trade by its id, or a merchant's desk by its number."""


class Touching(Protocol):
    """A move, as far as it matters here."""

    @property
    def merchant_id(self) -> int | None:
        """Whose desk it concerns."""

    @property
    def trade_id(self) -> UUID | None:
        """The trade it belongs to."""


class _Waiting(threading.local):
    """What the transaction of this thread's connection has moved so far."""

    def __init__(self) -> None:
        self.subjects: set[Subject] = set()


_waiting: Final = _Waiting()


def announce(moves: Iterable[Touching]) -> None:
    """Tell listeners about these moves once their transaction is committed; a rolled back one says nothing.

    It is never told inside the transaction: commits with a notification wait for one another. All moves of a
    transaction make one statement. What is told is a hint to look, nothing is lost with it: whoever listens also looks
    now and then without it, so a failure is logged and changes nothing for the caller.
    """
    if not connection.run_on_commit:
        _waiting.subjects = set()  # another transaction begins
    for move in moves:
        _waiting.subjects.update(subject for subject in (move.trade_id, move.merchant_id) if subject is not None)
    subjects = _waiting.subjects
    transaction.on_commit(lambda: _send(subjects), robust=True)


def payloads(subjects: Iterable[Subject]) -> list[str]:
    """What is sent: short JSON, as many as are needed to stay under the limit."""
    trades = sorted(subject.hex for subject in subjects if isinstance(subject, UUID))
    merchants = sorted(subject for subject in subjects if isinstance(subject, int))
    return _split(trades, merchants)


def subjects_of(payload: str) -> set[Subject]:
    """The way back.

    Raises:
        ValueError: this is none of ours.
    """
    told = json.loads(payload)
    try:
        return {UUID(trade) for trade in told["t"]} | {int(merchant) for merchant in told["m"]}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no announcement") from error


def _split(trades: Sequence[str], merchants: Sequence[int]) -> list[str]:
    text = json.dumps({"t": trades, "m": merchants}, separators=(",", ":"))
    if len(text) <= PAYLOAD_MAX:
        return [text] if trades or merchants else []
    middle, between = len(trades) // 2, len(merchants) // 2
    return _split(trades[:middle], merchants[:between]) + _split(trades[middle:], merchants[between:])


def _send(subjects: set[Subject]) -> None:
    """One statement for a transaction; the hooks of its later moves find nothing left to say."""
    told = payloads(subjects)
    subjects.clear()
    if told:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, told) FROM unnest(%s::text[]) AS told", [CHANNEL, told])
