"""One shop's part of a trade: change it, take it back, receive it."""

from django.http import HttpResponse
from ninja import Path, Router

from wanku.access.actor import Actor
from wanku.access.scopes import Scope
from wanku.api import limits
from wanku.api.callers import KNOWN, PUBLIC, buyer
from wanku.api.fields import IdempotencyKey, Number, Shape
from wanku.api.read import buying as read
from wanku.api.repeats import repeatable
from wanku.api.resources.trades import own_trade
from wanku.api.shapes.buying import (
    AttemptBody,
    AttemptShape,
    AttemptsShape,
    DeliveryBody,
    ExtendedShape,
    MethodsShape,
    OrderShape,
    ParcelShape,
    UrgedShape,
    WithdrawBody,
)
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.edit_delivery import edit_delivery
from wanku.flows.fulfilling.extend_receipt import extend_receipt
from wanku.flows.fulfilling.urge_merchant import urge_merchant
from wanku.flows.paying.open_attempt import open_attempt
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders.models import Order
from wanku.ui.request import Request

router = Router(tags=["orders"], auth=KNOWN)


class ParcelsShape(Shape):
    """Parcels of one order, oldest first."""

    items: list[ParcelShape]


@router.get("/orders/{number}", response=OrderShape, summary="One order")
def get_order(request: Request, number: Path[Number]) -> OrderShape:
    """An order with its terms, parcels and refunds. Scope `trades.see`."""
    return _whole(buyer(request, Scope.TRADES_SEE), number)


@router.get("/orders/{number}/parcels", response=ParcelsShape, summary="Where the goods are")
def list_parcels(request: Request, number: Path[Number]) -> ParcelsShape:
    """Parcels with what their carriers reported. Scope `trades.see`."""
    return ParcelsShape(items=_whole(buyer(request, Scope.TRADES_SEE), number).parcels)


@router.patch("/orders/{number}/delivery", response=OrderShape, summary="Correct the delivery")
def change_delivery(request: Request, number: Path[Number], body: DeliveryBody) -> OrderShape:
    """Change address or note while nothing was shipped. Scope `trades.place`."""
    actor, order = _own(request, number)
    address = body.address.model_dump() if body.address else None
    edit_delivery(order.pk, address=address, note=body.note, actor=actor, now=request.now)
    return _whole(actor, number)


@router.post("/orders/{number}/withdraw", response=OrderShape, summary="Take back a paid order")
def withdraw(request: Request, number: Path[Number], body: WithdrawBody) -> OrderShape:
    """Close an order that was paid and not shipped; everything is paid back. Scope `trades.place`."""
    actor, order = _own(request, number)
    withdraw_order(order.pk, actor=actor, because=body.because, now=request.now)
    return _whole(actor, number)


@router.post("/orders/{number}/confirm", response=OrderShape, summary="Confirm receipt")
def confirm(request: Request, number: Path[Number]) -> OrderShape:
    """Everything arrived: the order is complete and the shop gets its money. Scope `trades.place`."""
    actor, order = _own(request, number)
    confirm_receipt(order.pk, actor=actor, now=request.now)
    return _whole(actor, number)


@router.post("/orders/{number}/extend", response=ExtendedShape, summary="More time to receive")
def extend(request: Request, number: Path[Number]) -> ExtendedShape:
    """Put off automatic receipt, once for each order. Scope `trades.place`."""
    actor, order = _own(request, number)
    return ExtendedShape(due_at=extend_receipt(order.pk, actor=actor, now=request.now))


@router.post("/orders/{number}/urge", response=UrgedShape, summary="Urge a late shop")
def urge(request: Request, number: Path[Number]) -> UrgedShape:
    """Remind a shop that missed its promise; three times, six hours apart. Scope `trades.place`."""
    actor, order = _own(request, number)
    return UrgedShape(left=urge_merchant(order.pk, actor=actor, now=request.now))


@router.get("/payment-methods", response=MethodsShape, auth=PUBLIC, summary="Ways to pay", tags=["payments"])
def list_methods(request: Request) -> MethodsShape:
    """Every way to pay on this installation."""
    return read.methods()


@router.post("/trades/{number}/attempts", response={201: AttemptShape}, summary="Start to pay", tags=["payments"])
def create_attempt(
    request: Request, number: Path[Number], body: AttemptBody, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Open a payment: show the buyer its `pay_url` as `shown_as` says. The trade is `paid` when the channel tells us.

    An open attempt of the same method is given again; one of another method is closed first, so that nobody pays twice.
    Scope `trades.place`.
    """
    actor = buyer(request, Scope.TRADES_PLACE)
    trade = own_trade(actor, number)

    def act() -> AttemptShape:
        return read.attempt(
            open_attempt(
                trade.pk,
                gateway=body.gateway,
                method=body.method,
                actor=actor,
                now=request.now,
                buyer_address=limits.address_of(request),
                buyer_ref=body.openid,
            )
        )

    return repeatable(request, idempotency_key, body, act, outside=True)


@router.get("/trades/{number}/attempts", response=AttemptsShape, summary="Tries to pay", tags=["payments"])
def list_attempts(request: Request, number: Path[Number]) -> AttemptsShape:
    """Every try to pay this trade, latest first. Scope `trades.see`."""
    trade = own_trade(buyer(request, Scope.TRADES_SEE), number)
    return AttemptsShape(items=[read.attempt(row) for row in trade.attempts.order_by("-created_at")])


@router.get(
    "/trades/{number}/attempts/{attempt_number}", response=AttemptShape, summary="One try to pay", tags=["payments"]
)
def get_attempt(request: Request, number: Path[Number], attempt_number: Path[Number]) -> AttemptShape:
    """Ask this until the state is `captured`, `failed` or `closed`. Scope `trades.see`."""
    trade = own_trade(buyer(request, Scope.TRADES_SEE), number)
    row = trade.attempts.filter(number=attempt_number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return read.attempt(row)


def _own(request: Request, number: str) -> tuple[Actor, Order]:
    actor = buyer(request, Scope.TRADES_PLACE)
    row = Order.objects.bought_by(actor).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return actor, row


def _whole(actor: Actor, number: str) -> OrderShape:
    row = read.orders_whole(Order.objects.bought_by(actor)).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return read.order(row)
