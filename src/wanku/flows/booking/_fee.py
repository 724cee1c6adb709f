"""What it costs the buyer to cancel at a moment."""

from datetime import datetime

from wanku.fulfilment.models import Booking
from wanku.kinds import notice
from wanku.orders.models import Line, Order
from wanku.payments.refundable import read_refundable


def fee_now(order: Order, booking: Booking, *, now: datetime) -> int:
    """By the table that was frozen with the order, of what is paid and not paid back; minor units.

    What was booked is as it is now, so that whoever moved it is judged by the new time.
    """
    left = read_refundable(order, list(Line.objects.filter(order=order))).total
    return notice.fee(left, order.terms.get("cancellation", ()), booking.starts_at, now)
