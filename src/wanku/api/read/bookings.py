"""Bookings as the API shows them."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.api.shapes import bookings as shapes
from wanku.flows.booking._fee import cost_now
from wanku.fulfilment.models import Booking
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.notice_words import notice_words
from wanku.kinds.registry import KINDS
from wanku.orders.models import Order
from wanku.ui.booking_words import booking_label


def booking(row: Booking, *, with_code: bool) -> shapes.BookingShape:
    """A booking; the code only for its buyer."""
    names = ("state", "due_at", "starts_at", "ends_at", "zone", "accepted_at", "started_at", "done_at", "rescheduled")
    shown = with_code and row.kind in KINDS and KINDS[row.kind].course.by_code
    return shapes.BookingShape(
        **{name: getattr(row, name) for name in names},
        word=str(booking_label(row.kind, row.state).text),
        code=row.code if shown else None,
        proof=[shapes.ProofShape(**{k: v for k, v in each.items() if k != "by"}) for each in row.proof],
    )


def booking_of(order: Order, *, with_code: bool) -> shapes.BookingShape | None:
    """The booking of an order that was read with it; none for goods."""
    row: Booking | None = getattr(order, "booking", None)
    return booking(row, with_code=with_code) if row is not None else None


def cancellation(actor: Actor, number: str, *, now: datetime) -> shapes.CancellationShape:
    """What cancelling costs the buyer.

    Raises:
        Refusal: ``not_found`` for others, and for what is not booked.
    """
    order = Order.objects.bought_by(actor).filter(number=number).first()
    row = Booking.objects.filter(order=order).first() if order is not None else None
    if order is None or row is None:
        raise Refusal(NOT_FOUND)
    cost = cost_now(order, row, now=now)
    return shapes.CancellationShape(
        allowed=row.state in KINDS[row.kind].course.cancel,
        fee=cost.fee,
        back=cost.left - cost.fee,
        currency=order.currency,
        notice=notice_words(order.terms.get("cancellation", ())),
    )
