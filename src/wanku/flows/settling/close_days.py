"""Days of the books that have ended are closed."""

from datetime import datetime

from django.db import transaction

from wanku.ledger.close_day import close_day, next_day
from wanku.ledger.days import GRACE, end_of


def close_days(*, now: datetime, limit: int = 31) -> int:
    """Total every day that has ended, oldest first, each in a transaction of its own. Any number of sweepers may run.

    Returns:
        how many days were closed; at most ``limit``.
    """
    closed = 0
    while closed < limit and (day := next_day()) is not None and end_of(day) + GRACE <= now:
        with transaction.atomic():
            close_day(day)
        closed += 1
    return closed
