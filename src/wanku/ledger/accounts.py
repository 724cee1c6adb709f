"""Accounts: which there are, what is on them, and the entries that touched them.

Sums are those of closed days (`wanku.ledger.close_day`) and of the postings since; nothing reads an account from its
beginning, and names are read by leaping along the index from one account to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wanku.kernel.arrays import execute, literal
from wanku.ledger import _sql


class Sum(NamedTuple):
    """What is on an account in minor units, and how many postings made it."""

    account: str
    currency: str
    amount: int
    postings: int


@dataclass(frozen=True, slots=True)
class Span:
    """Which entries are meant: from ``since``, ahead of ``until``, in the order of a list behind ``after``.

    Attributes:
        after: time and id of the entry where a list that is newest first goes on.
        reason: only those of this reason; all if empty.
    """

    since: datetime
    until: datetime
    after: tuple[datetime, UUID] | None = None
    reason: str = ""


def names() -> list[str]:
    """Every account that was ever booked on, in order; one statement."""
    return [str(row[0]) for row in execute(_sql.ACCOUNTS, [], prepared=False)]


def sums(accounts: Sequence[str]) -> list[Sum]:
    """What is on each, by account and currency; one statement."""
    return [Sum(*row) for row in execute(_sql.SUMS, [literal(accounts, "text")], prepared=False)]


def newest(accounts: Sequence[str], span: Span, limit: int) -> list[UUID]:
    """Ids of the newest entries with a posting on any of the accounts; one statement, few accounts."""
    at, entry = span.after or (span.until, UUID(int=2**128 - 1))
    parameters = [literal(accounts, "text"), span.since, span.until, at, entry, span.reason, limit]
    return [row[0] for row in execute(_sql.NEWEST_ENTRIES, parameters, prepared=False)]
