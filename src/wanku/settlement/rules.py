"""When a window closes, when a period ends, and what may be paid out: pure."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAILY: Final = "daily"
DAY_SECONDS: Final = 86_400
MINIMUM: Final[Mapping[str, int]] = {"CNY": 1_000}
"""Smallest payout by currency, minor units: below it the bank's fee eats too much; it stays for the next settlement."""
MINIMUM_ELSE: Final = 1_000


def window_closes(received_at: datetime, *, seconds: int, zone: str, longer_days: int = 0) -> datetime:
    """When the after-sales window of an order closes.

    Days count from the day after receipt (Law on the Protection of Consumer Rights and Interests, article 25; Interim
    Measures for 7-Day No-Reason Returns, article 10), where the merchant is. A window shorter than a day, as one sets
    to try things out, counts from the moment itself.

    Args:
        seconds: the platform's rule ``settle_after``.
        longer_days: by how much a line's own promise of returns exceeds the platform's.
    """
    wait = timedelta(seconds=seconds, days=longer_days)
    if wait < timedelta(days=1):
        return received_at + wait
    return _midnight_after(received_at, ZoneInfo(zone)) + wait


def period_ends(now: datetime, *, period: str, zone: str) -> datetime:
    """The next end of a period: midnight where the merchant is, of any day or of Monday; always later than ``now``."""
    where = ZoneInfo(zone)
    end = _midnight_after(now, where)
    while period != DAILY and end.astimezone(where).weekday() != 0:
        end = _midnight_after(end, where)
    return end


def payable(balance: int, currency: str) -> int:
    """What may be paid out of an available balance, minor units; nothing of a debt or below the minimum."""
    return balance if balance >= minimum(currency) else 0


def minimum(currency: str) -> int:
    """The smallest payout, minor units."""
    return MINIMUM.get(currency, MINIMUM_ELSE)


def retry_seconds(first: int, tries: int, *, most: int = 6 * 3600) -> int:
    """How long to wait after a number of tries: doubled with each, at most six hours."""
    return min(first << min(max(0, tries - 1), 30), max(first, most))


def _midnight_after(moment: datetime, where: ZoneInfo) -> datetime:
    day = moment.astimezone(where).date() + timedelta(days=1)
    # Where clocks change at midnight, `fold` 0 is the earlier reading; what counts is that it lies on that day.
    return datetime.combine(day, time.min, where).astimezone(moment.tzinfo)
