"""Orders of every kind but goods begin when they are paid: each gets its booking."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import F

from wanku.audit.announce import announce
from wanku.audit.models import Move
from wanku.audit.move import By, RowStep, move_rows
from wanku.audit.rules import due
from wanku.flows.booking._clock import due_in
from wanku.fulfilment.codes import new_code
from wanku.fulfilment.models import Booking
from wanku.kernel.states import SYSTEM
from wanku.kinds.course import ACCEPTED, DONE
from wanku.kinds.registry import KINDS
from wanku.orders.models import Line, Order
from wanku.orders.states import PAID


class PaidOrder(Protocol):
    """A locked order that was just moved to ``paid``."""

    @property
    def pk(self) -> UUID: ...
    @property
    def merchant_id(self) -> int: ...
    @property
    def trade_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...


def begin_bookings(orders: Sequence[PaidOrder], *, now: datetime) -> None:
    """Create the bookings of paid orders and move the orders on, in the transaction of the payment.

    Where nobody needs to accept, the order is being fulfilled at once; what is done with the payment (a licence) is
    fulfilled, and its short receipt clock starts. The number of statements does not grow with the orders.

    Args:
        orders: of registered kinds, locked, in state ``paid``; their promise is on their own clock already. Goods are
            none of them.
    """
    if not orders:
        return
    rows = Order.objects.filter(pk__in=[order.pk for order in orders])
    terms = {pk: rest for pk, *rest in rows.values_list("pk", "terms__zone", "merchant__zone", "terms__clocks")}
    bookings = [_booking(order, *terms[order.pk], now=now) for order in orders]
    Booking.objects.bulk_create(bookings)
    moves = [_begun(booking, order, now) for booking, order in zip(bookings, orders, strict=True)]
    Move.objects.bulk_create(moves)
    announce(moves)
    _move_orders([o for o in orders if KINDS[o.kind].course.first == ACCEPTED], now)
    _fulfil([o for o in orders if KINDS[o.kind].course.first == DONE], now)


def _booking(order: PaidOrder, own_zone: str | None, shop_zone: str, clocks: Any, *, now: datetime) -> Booking:
    course = KINDS[order.kind].course
    booking = Booking(
        order_id=order.pk,
        merchant_id=order.merchant_id,
        kind=order.kind,
        state=course.first,
        due_at=due_in(course, course.first, order, now=now, frozen=clocks),
        starts_at=order.starts_at,
        ends_at=order.ends_at,
        zone=own_zone or shop_zone,
        code=new_code(),
        begun_at=now,
    )
    if course.first == ACCEPTED:
        booking.accepted_at = now
    elif course.first == DONE:
        booking.accepted_at = booking.started_at = booking.done_at = now
    return booking


def _begun(booking: Booking, order: PaidOrder, now: datetime) -> Move:
    return Move(
        subject_type=Booking.MACHINE.name,
        subject_id=str(booking.pk),
        merchant_id=order.merchant_id,
        trade_id=order.trade_id,
        from_state="",
        to_state=booking.state,
        event="begin",
        actor=SYSTEM,
        facts={"order": str(order.pk)},
        at=now,
    )


def _move_orders(orders: Sequence[PaidOrder], now: datetime) -> None:
    """Being fulfilled; the clock of the promise runs on."""
    promised = [KINDS[o.kind].promised_by(o.starts_at, o.ends_at, now) for o in orders]
    steps = [
        RowStep(o.pk, PAID, o.merchant_id, o.trade_id, due_at=by, because="accepted_at_once")
        for o, by in zip(orders, promised, strict=True)
    ]
    move_rows(Order, steps, "start", by=By(SYSTEM), now=now)


def _fulfil(orders: Sequence[PaidOrder], now: datetime) -> None:
    if not orders:
        return
    Line.objects.filter(order__in=[o.pk for o in orders]).update(shipped=F("quantity") - F("called_off"))
    due_at = due("receipt_by_hand", now)
    steps = [RowStep(o.pk, PAID, o.merchant_id, o.trade_id, due_at=due_at, because="at_once") for o in orders]
    move_rows(Order, steps, "fulfil", by=By(SYSTEM), now=now, also={"fulfilled_at": now})
