"""Statements: movements of accounts with the balance after each, and totals by day.

Every reading touches only what it shows, and what was booked since the last day that was closed
(`wanku.ledger.close_day`); a page costs the same whatever lies before it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from wanku.kernel.arrays import execute, literal
from wanku.ledger import _sql
from wanku.ledger.days import begin_of, day_of, end_of

CHUNK: Final = 2_000
START: Final = datetime(1970, 1, 1, tzinfo=UTC)
END: Final = datetime(9999, 12, 30, tzinfo=UTC)
Purse = tuple[str, str]
"""An account and a currency."""


class Movement(NamedTuple):
    """One posting with what caused it; the amount in minor units."""

    id: int
    at: datetime
    account: str
    currency: str
    amount: int
    order_id: UUID | None
    reason: str
    ref_type: str
    ref_id: str


class Place(NamedTuple):
    """A place in a statement, in its order: by time, then by number."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Row:
    """A movement with the balances after it, minor units: of its account, and of all accounts that are listed."""

    movement: Movement
    after: int
    total: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a statement, newest first; ``older`` is where the next one goes on."""

    rows: Sequence[Row]
    older: Place | None


@dataclass(frozen=True, slots=True)
class Day:
    """One account's day in minor units; ``closing`` is its balance at the end."""

    account: str
    currency: str
    day: date
    incoming: int
    outgoing: int
    postings: int
    closing: int

    @property
    def opening(self) -> int:
        """Its balance at the beginning."""
        return self.closing - self.incoming + self.outgoing


def listing(
    accounts: Sequence[str], *, since: datetime = START, before: Place | None = None, limit: int = 50
) -> Listing:
    """The newest movements ahead of a place, with balances; two statements."""
    before = before or Place(END, 0)
    found = _newest(accounts, since, before, limit + 1)
    shown, more = found[:limit], len(found) > limit
    if not shown:
        return Listing([], None)
    oldest = Place(shown[-1].at, shown[-1].id)
    rows = list(_run_up(shown[::-1], balances_before(accounts, oldest)))
    return Listing(rows[::-1], oldest if more else None)


def walk(accounts: Sequence[str], *, since: datetime, until: datetime) -> Iterator[Row]:
    """Every movement of a span, oldest first, read in pieces."""
    running = balances_before(accounts, Place(since, 0))
    after = Place(since, 0)
    while True:
        rows = execute(_sql.OLDEST, [literal(accounts, "text"), after.at, after.id, until, CHUNK], prepared=False)
        found = [Movement(*row) for row in rows]
        yield from _run_up(found, running)
        if len(found) < CHUNK:
            return
        after = Place(found[-1].at, found[-1].id)


def balances_before(accounts: Sequence[str], place: Place) -> dict[Purse, int]:
    """Balances by account and currency right before a place, minor units; what never moved is left out."""
    day = day_of(place.at)
    parameters = [literal(accounts, "text"), day, begin_of(day), place.at, place.id]
    rows = execute(_sql.BALANCES_BEFORE, parameters, prepared=False)
    return {(account, currency): amount for account, currency, amount in rows}


def days(accounts: Sequence[str], *, until: date, limit: int = 31) -> list[Day]:
    """The last days, up to one, on which anything moved: each account's totals, newest first; three statements."""
    rows = execute(_sql.DAYS, [literal(accounts, "text"), until, end_of(until), limit], prepared=False)
    if not rows:
        return []
    running = balances_before(accounts, Place(begin_of(min(row[2] for row in rows)), 0))
    found = []
    for account, currency, day, incoming, outgoing, postings in sorted(rows, key=lambda row: row[2]):
        running[account, currency] = running.get((account, currency), 0) + incoming - outgoing
        found.append(Day(account, currency, day, incoming, outgoing, postings, running[account, currency]))
    return sorted(found, key=lambda each: (-each.day.toordinal(), each.account, each.currency))


def by_day(found: Sequence[Day]) -> Mapping[date, list[Day]]:
    """`days` in the order that they came in, by day."""
    return {day: list(rows) for day, rows in groupby(found, key=lambda each: each.day)}


def _newest(accounts: Sequence[str], since: datetime, before: Place, limit: int) -> list[Movement]:
    parameters = [literal(accounts, "text"), since, before.at, before.id, limit]
    return [Movement(*row) for row in execute(_sql.NEWEST, parameters, prepared=False)]


def _run_up(movements: Sequence[Movement], running: dict[Purse, int]) -> Iterator[Row]:
    """Balances after each movement, oldest first; ``running`` goes along."""
    totals: dict[str, int] = {}
    for (_, currency), amount in running.items():
        totals[currency] = totals.get(currency, 0) + amount
    for each in movements:
        purse = (each.account, each.currency)
        running[purse] = running.get(purse, 0) + each.amount
        totals[each.currency] = totals.get(each.currency, 0) + each.amount
        yield Row(each, running[purse], totals[each.currency])
