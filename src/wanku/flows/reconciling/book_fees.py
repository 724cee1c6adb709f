"""What a channel charges, booked once per bill."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.flows.reconciling import _sql
from wanku.ledger.post import FEES, Booking, Line, clearing, post_all
from wanku.reconciliation.models import Bill


def book_fees(bill_id: UUID, *, now: datetime) -> int:
    """Book the fees of a bill, or what a corrected bill charges more or less; again, nothing happens.

    Returns:
        how many entries were booked (one per currency that changed).
    """
    with transaction.atomic():
        bill = Bill.objects.select_for_update(no_key=True).get(pk=bill_id)
        bookings = []
        for currency, billed, booked, entries in _sql.fees(bill.gateway, bill.pk):
            if billed != booked:
                # The channel keeps it back, so it owes us less.
                lines = [Line(clearing(bill.gateway), billed - booked), Line(FEES, booked - billed)]
                key = f"channel_fees:{bill.pk}:{currency}:{entries}"
                facts = {"day": bill.day.isoformat(), "gateway": bill.gateway}
                bookings.append(Booking(key, "channel_fees", "bill", bill.pk, currency, lines, facts))
        return sum(post_all(bookings, now=now))
