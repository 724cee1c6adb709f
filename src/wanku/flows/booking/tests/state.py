"""What became of a booking: readings for tests."""

from datetime import datetime
from typing import Any, NamedTuple

from wanku.audit.models import Move
from wanku.fulfilment.models import Booking
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Posting
from wanku.orders.models import Line, Order
from wanku.payments.models import Refund


class Picture(NamedTuple):
    """All that a step may change; two of them are equal when nothing happened."""

    booking: str
    due_at: datetime | None
    order: str
    refunds: tuple[int, ...]
    line: tuple[int, int]
    moves: int
    postings: int


def picture(order: Order) -> Picture:
    """An order as it is in the database now."""
    booking, line = Booking.objects.get(order=order), Line.objects.get(order=order)
    return Picture(
        booking.state,
        booking.due_at,
        Order.objects.get(pk=order.pk).state,
        tuple(Refund.objects.filter(order=order).order_by("pk").values_list("amount", flat=True)),
        (line.shipped, line.called_off),
        Move.objects.filter(trade_id=order.trade_id).count(),
        Posting.objects.count(),
    )


def booking_of(order: Order) -> Booking:
    """Its booking now."""
    return Booking.objects.get(order=order)


def last_move(order: Order, subject: str = "booking") -> Move:
    """The newest step of the order's booking, or of something else of its trade."""
    found = Move.objects.filter(trade_id=order.trade_id, subject_type=subject).order_by("-id").first()
    assert found is not None
    return found


def code_of(error: Any) -> str:
    """The code of a refusal."""
    assert isinstance(error, Refusal)
    return error.code.name
