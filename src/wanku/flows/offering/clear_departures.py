"""Bookings of departures that do not go: cancelled, with everything paid back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.audit.move import By
from wanku.flows.booking._hold import hold
from wanku.flows.booking._undo import undo
from wanku.fulfilment.booking_states import OPEN
from wanku.fulfilment.models import Booking
from wanku.kernel.states import CLOCK
from wanku.kinds.seat.kind import Seat
from wanku.kinds.seat.models import Departure, Passage
from wanku.kinds.seat.states import CANCELLED
from wanku.orders.models import Order


def clear_departures(*, now: datetime, limit: int = 50) -> int:
    """Cancel bookings of cancelled departures, each in a transaction of its own, whoever paid before or after.

    Returns:
        bookings that were cancelled.
    """
    gone = Passage.objects.filter(departure__state=CANCELLED, standing=Passage.PAID)
    bookings = Booking.objects.filter(kind=Seat.code, state__in=OPEN, order_id__in=gone.values("order_id"))
    orders = list(bookings.order_by("pk").values_list("order_id", flat=True)[:limit])
    return sum(_clear(order_id, now) for order_id in orders)


@transaction.atomic
def _clear(order_id: UUID, now: datetime) -> bool:
    held = hold(Order.objects.get(pk=order_id), with_trade=True)
    if held.booking.state not in OPEN:
        return False
    said = Departure.objects.filter(passages__order_id=order_id).values_list("cancelled_because", flat=True)
    # The lines of an order are all for the same departure.
    note = next(iter(said), "")
    undo(held, "cancel", by=By(CLOCK), now=now, because="departure_cancelled" if note else "group_missed", note=note)
    return True
