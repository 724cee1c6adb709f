"""Closing days of the books: totals by account, so that no balance is ever summed from the beginning."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from wanku.kernel.arrays import execute
from wanku.ledger.days import GRACE, begin_of, day_of, end_of

LAST: Final = "SELECT max(day) FROM ledger_daytotal"
NEXT: Final = "SELECT min(at) FROM ledger_entry WHERE at >= $1::timestamptz"
FIRST: Final = "SELECT min(at) FROM ledger_entry"
CLOSE: Final = """
INSERT INTO ledger_daytotal (account, currency, day, incoming, outgoing, postings)
SELECT p.account, p.currency, $1::date, coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0),
    coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0), count(*)
FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
WHERE e.at >= $2::timestamptz AND e.at < $3::timestamptz
GROUP BY p.account, p.currency ORDER BY p.account, p.currency
ON CONFLICT (account, currency, day) DO UPDATE
    SET incoming = excluded.incoming, outgoing = excluded.outgoing, postings = excluded.postings
"""


def close_days(*, now: datetime, limit: int = 31) -> int:
    """Total every day that has ended, oldest first, each in a transaction of its own.

    The day before is totalled again, in case something was booked into it late. Any number of sweepers may run.

    Returns:
        how many days were closed; at most ``limit``.
    """
    closed = 0
    while closed < limit and (day := _next()) is not None and end_of(day) + GRACE <= now:
        with transaction.atomic():
            for each in (day - timedelta(days=1), day):
                execute(CLOSE, [each, begin_of(each), end_of(each)], prepared=False)
        closed += 1
    return closed


def last_closed() -> date | None:
    """The last day whose totals are kept; those before are kept as well."""
    found: date | None = execute(LAST, [], prepared=False)[0][0]
    return found


def _next() -> date | None:
    """The first day after it on which anything was booked."""
    last = last_closed()
    rows = execute(FIRST, []) if last is None else execute(NEXT, [end_of(last)], prepared=False)
    at: datetime | None = rows[0][0]
    return None if at is None else day_of(at)
