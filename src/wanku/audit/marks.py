"""How far the story of a trade, or of a merchant's desk, has come: one number that grows with every move.

Ids of moves are given out before their transactions commit, so a lower one may appear after a higher one; the highest
id seen says nothing about what was missed. The sum of the newest few ids does: rows are only ever added, so every
move that appears among them, in whatever order, makes the sum larger, and nothing makes it smaller.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from wanku.audit.announce import Subject

NEWEST: Final = 32
"""Moves of one subject that look at once: more than ever commit out of order beside one another."""
_OF_EACH: Final = """
SELECT subject.id, sum(newest.id)::bigint, max(newest.id)
FROM unnest(%s::{kind}[]) AS subject (id)
CROSS JOIN LATERAL (SELECT id FROM audit_move WHERE {where} ORDER BY id DESC LIMIT {newest}) AS newest
GROUP BY subject.id
"""
OF_TRADES: Final = _OF_EACH.format(kind="uuid", where="trade_id = subject.id", newest=NEWEST)
"""Trade, total and newest move of each of an array of trades; trades without a move are left out."""
OF_MERCHANTS: Final = _OF_EACH.format(
    kind="bigint", where="merchant_id = subject.id AND event <> 'place'", newest=NEWEST
)
"""The same for merchants, whose desks hear of orders when they are paid."""


class Mark(NamedTuple):
    """A place in a story; the larger one is the later one.

    Attributes:
        total: sum of the newest ids.
        move: the newest move's id.
    """

    total: int
    move: int

    def __str__(self) -> str:
        return f"{self.move}.{self.total}"


START: Final = Mark(0, 0)
"""Nothing has happened yet."""


def statements(subjects: Iterable[Subject]) -> list[tuple[str, list[Any]]]:
    """The statements that look at all of these, with their parameters: none, one or two."""
    trades: list[Subject] = []
    merchants: list[Subject] = []
    for subject in subjects:
        (trades if isinstance(subject, UUID) else merchants).append(subject)
    return [(sql, [ids]) for sql, ids in ((OF_TRADES, trades), (OF_MERCHANTS, merchants)) if ids]


def marks(rows: Iterable[tuple[Any, ...]]) -> Mapping[Subject, Mark]:
    """What the statements found."""
    return {subject: Mark(total, move) for subject, total, move in rows}


def mark_of(subject: Subject) -> Mark:
    """How far one subject has come."""
    [(sql, ids)] = statements([subject])
    with connection.cursor() as cursor:
        cursor.execute(sql, ids)
        return marks(cursor.fetchall()).get(subject, START)
