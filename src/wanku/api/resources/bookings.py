"""Orders of which nothing is sent: cancel and move them; at the desk accept them and keep them."""

from datetime import datetime
from typing import Literal

from ninja import Path, Query, Router

from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.access.scopes import Scope
from wanku.api.callers import KNOWN, buyer, desk
from wanku.api.cursors import Cursor, Limit, Page, newest
from wanku.api.fields import Number, Slug
from wanku.api.read import bookings as read
from wanku.api.read import buying, selling
from wanku.api.shapes.bookings import (
    AdvanceBody,
    CancelBody,
    CancellationShape,
    CodeBody,
    DeskBookingShape,
    MoveBody,
    ReasonBody,
    StepBody,
)
from wanku.api.shapes.buying import OrderShape
from wanku.api.shapes.catalog import ShopBrief
from wanku.api.shapes.selling import DeskOrderShape
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.check_in import check_in
from wanku.flows.booking.confirm_booking import confirm_booking
from wanku.flows.booking.mark_no_show import mark_no_show
from wanku.flows.booking.reject_booking import reject_booking
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.fulfilment.models import Booking
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.forms import choice_text
from wanku.orders.models import Order
from wanku.ui.request import Request

router = Router(tags=["bookings"], auth=KNOWN)
DESK = ["desk: bookings"]
State = Literal["to_accept", "accepted", "under_way", "started", "done", "no_show", "rejected", "cancelled"]


@router.get("/orders/{number}/cancellation", response=CancellationShape, summary="What cancelling costs now")
def get_cancellation(request: Request, number: Path[Number]) -> CancellationShape:
    """The fee by the table that was frozen with the order. Scope `trades.see`."""
    return read.cancellation(buyer(request, Scope.TRADES_SEE), number, now=request.now)


@router.post("/orders/{number}/cancel", response=OrderShape, summary="Cancel what is booked")
def cancel_booked(request: Request, number: Path[Number], body: CancelBody) -> OrderShape:
    """Call it off at the fee that was agreed to; a higher one is refused and told. Scope `trades.place`."""
    actor, order = _own(request, number)
    cancel_booking(order.pk, actor=actor, now=request.now, agreed_fee=body.agreed_fee, because=body.because)
    return _whole(actor, number)


@router.post("/orders/{number}/reschedule", response=OrderShape, summary="Move to another time")
def reschedule(request: Request, number: Path[Number], body: MoveBody) -> OrderShape:
    """Take another time with all lines, at the same price, while cancelling is free, thrice at most.

    Scope `trades.place`.
    """
    actor, order = _own(request, number)
    reschedule_booking(order.pk, choice=choice_text(body.choice), actor=actor, now=request.now)
    return _whole(actor, number)


@router.post("/orders/{number}/done", response=OrderShape, summary="It was done")
def confirm_done(request: Request, number: Path[Number]) -> OrderShape:
    """Confirm what the shop has not entered: the order is complete. Scope `trades.place`."""
    actor, order = _own(request, number)
    confirm_booking(order.pk, actor=actor, now=request.now)
    return _whole(actor, number)


@router.get("/merchants/{slug}/bookings", response=Page[DeskBookingShape], summary="Bookings of a shop", tags=DESK)
def list_bookings(
    request: Request,
    slug: Path[Slug],
    state: Query[State | None] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[DeskBookingShape]:
    """Bookings of all kinds, the latest paid first; all, or those in one state. Scope `orders.see`."""
    _, merchant = desk(request, slug, Permission.ORDERS_SEE)
    rows = Booking.objects.filter(merchant_id=merchant.pk).select_related("order")
    if state is not None:
        rows = rows.filter(state=state)
    found, following = newest(rows, "begun_at", cursor, limit)
    shop = ShopBrief(slug=merchant.slug, name=merchant.name)
    items = [
        DeskBookingShape(
            number=row.order.number,
            kind=row.kind,
            merchant=shop,
            amount=row.order.amount,
            currency=row.order.currency,
            booking=read.booking(row, with_code=False),
        )
        for row in found
    ]
    return Page[DeskBookingShape](items=items, next_cursor=following)


@router.post("/merchants/{slug}/orders/{number}/accept", response=DeskOrderShape, summary="Accept", tags=DESK)
def accept(request: Request, slug: Path[Slug], number: Path[Number], body: StepBody) -> DeskOrderShape:
    """Promise to keep it. Scope `orders.fulfil`."""
    actor, order = _at_desk(request, slug, number)
    accept_booking(order.pk, actor=actor, now=request.now, happened_at=body.happened_at)
    return selling.order(actor, number)


@router.post("/merchants/{slug}/orders/{number}/reject", response=DeskOrderShape, summary="Decline", tags=DESK)
def reject(request: Request, slug: Path[Slug], number: Path[Number], body: ReasonBody) -> DeskOrderShape:
    """Decline what waits to be accepted; everything goes back. Scope `orders.fulfil`."""
    actor, order = _at_desk(request, slug, number)
    reject_booking(order.pk, because=body.because, actor=actor, now=request.now)
    return selling.order(actor, number)


@router.post("/merchants/{slug}/orders/{number}/advance", response=DeskOrderShape, summary="Go on", tags=DESK)
def advance(request: Request, slug: Path[Slug], number: Path[Number], body: AdvanceBody) -> DeskOrderShape:
    """On the way, begun, done, or nobody came; with proof where the kind takes some. Scope `orders.fulfil`."""
    actor, order = _at_desk(request, slug, number)
    moment: datetime | None = body.happened_at
    if body.event == "no_show":
        mark_no_show(order.pk, actor=actor, now=request.now, note=body.note, pictures=body.pictures)
    else:
        advance_booking(
            order.pk,
            body.event,
            actor=actor,
            now=request.now,
            note=body.note,
            pictures=body.pictures,
            happened_at=moment,
        )
    return selling.order(actor, number)


@router.post("/merchants/{slug}/orders/{number}/call-off", response=DeskOrderShape, summary="Call off", tags=DESK)
def call_off(request: Request, slug: Path[Slug], number: Path[Number], body: ReasonBody) -> DeskOrderShape:
    """End a booking that cannot be kept; everything goes back. Scope `orders.fulfil`."""
    actor, order = _at_desk(request, slug, number)
    cancel_booking(order.pk, actor=actor, now=request.now, note=body.because)
    return selling.order(actor, number)


@router.post("/merchants/{slug}/check-in", response=DeskOrderShape, summary="Let a guest in by code", tags=DESK)
def enter_code(request: Request, slug: Path[Slug], body: CodeBody) -> DeskOrderShape:
    """Begin the booking of a code; after thirty wrong ones in a quarter of an hour one waits. Scope `orders.fulfil`."""
    actor, _ = desk(request, slug, Permission.ORDERS_FULFIL)
    order_id = check_in(body.code, actor=actor, now=request.now)
    return selling.order(actor, Order.objects.values_list("number", flat=True).get(pk=order_id))


def _own(request: Request, number: str) -> tuple[Actor, Order]:
    actor = buyer(request, Scope.TRADES_PLACE)
    row = Order.objects.bought_by(actor).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return actor, row


def _whole(actor: Actor, number: str) -> OrderShape:
    row = buying.orders_whole(Order.objects.bought_by(actor)).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return buying.order(row)


def _at_desk(request: Request, slug: str, number: str) -> tuple[Actor, Order]:
    actor, _ = desk(request, slug, Permission.ORDERS_FULFIL)
    row = Order.objects.at_desk(actor).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return actor, row
