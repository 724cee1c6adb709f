"""What it costs the buyer to cancel at a moment."""

from datetime import datetime
from typing import NamedTuple

from wanku.fulfilment.models import Booking
from wanku.kernel.money import portion
from wanku.kinds import notice
from wanku.kinds.course import TO_ACCEPT
from wanku.kinds.registry import KINDS
from wanku.orders.models import Line, Order
from wanku.payments.refundable import read_refundable


class Cost(NamedTuple):
    """What is paid and not paid back, and what of it is kept; minor units."""

    left: int
    fee: int


def cost_now(order: Order, booking: Booking, *, now: datetime) -> Cost:
    """By the table that was frozen with the order."""
    left = read_refundable(order, list(Line.objects.filter(order=order))).total
    return Cost(left, portion(left, share_now(order, booking, now=now), notice.WHOLE))


def share_now(order: Order, booking: Booking, *, now: datetime) -> int:
    """The fee in basis points.

    What was booked is as it is now, so that whoever moved it is judged by the new time. Some kinds ask nothing while
    nobody has promised anything.
    """
    if booking.state == TO_ACCEPT and KINDS[order.kind].course.free_until_accepted:
        return 0
    return notice.fee_bp(order.terms.get("cancellation", ()), booking.starts_at, now)
