"""One day of one channel, from its bill to the cases."""

from datetime import date, datetime

from wanku.flows.reconciling.book_fees import book_fees
from wanku.flows.reconciling.fetch_bill import fetch_bill
from wanku.flows.reconciling.match_bill import Matched, match_bill


def reconcile_day(gateway: str, day: date, *, now: datetime) -> Matched:
    """Fetch the bill, book its fees, compare it. Safe to repeat at any time, and after a crash between the steps.

    Raises:
        Refusal: as `fetch_bill`; nothing was written.
    """
    bill = fetch_bill(gateway, day, now=now)
    book_fees(bill.pk, now=now)
    return match_bill(bill.pk, now=now)
