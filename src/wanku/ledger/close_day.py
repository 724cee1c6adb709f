"""Closing a day of the books: totals by account, so that no balance is ever summed from the beginning."""

from datetime import date, datetime, timedelta
from typing import Final

from wanku.kernel.arrays import execute
from wanku.ledger.days import begin_of, day_of, end_of

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


def close_day(day: date) -> None:
    """Total it, and the day before once more, in case something was booked into that late."""
    for each in (day - timedelta(days=1), day):
        execute(CLOSE, [each, begin_of(each), end_of(each)], prepared=False)


def last_closed() -> date | None:
    """The last day whose totals are kept; those before are kept as well."""
    found: date | None = execute(LAST, [], prepared=False)[0][0]
    return found


def next_day() -> date | None:
    """The first day after it on which anything was booked; none when there is none."""
    last = last_closed()
    rows = execute(FIRST, []) if last is None else execute(NEXT, [end_of(last)], prepared=False)
    at: datetime | None = rows[0][0]
    return None if at is None else day_of(at)
