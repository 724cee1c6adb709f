"""An order was paid back whole by hand: its booking, if it is still open, ends with it."""

from datetime import datetime

from wanku.audit.move import By, move
from wanku.fulfilment.booking_states import OPEN
from wanku.fulfilment.models import Booking
from wanku.orders.models import Order


def end_with_refund(order: Order, *, by: By, now: datetime) -> None:
    """Cancel an open booking. The caller holds the order's lock and pays back; goods have no booking."""
    booking = Booking.objects.select_for_update(no_key=True).filter(order=order, state__in=OPEN).first()
    if booking is None:
        return
    booking.order = order
    move(booking, "cancel", by=by, now=now, because="refunded", facts={"order": str(order.pk)})
    booking.done_at = now
    booking.save(update_fields=["done_at"])
