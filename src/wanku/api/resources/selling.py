"""A shop's own desk: orders and parcels."""

from typing import Literal

from django.conf import settings
from django.http import HttpResponse
from ninja import Path, Query, Router

from wanku.access.can import Permission
from wanku.api.callers import KNOWN, PUBLIC, desk
from wanku.api.cursors import Cursor, Limit, Page, newest
from wanku.api.fields import IdempotencyKey, Number, Slug
from wanku.api.read import buying as read
from wanku.api.read import selling
from wanku.api.repeats import repeatable
from wanku.api.shapes.buying import OrderBrief, WithdrawBody
from wanku.api.shapes.selling import (
    BulkShipBody,
    BulkShipShape,
    CarrierShape,
    CarriersShape,
    DeskOrderShape,
    ShipBody,
    ShipOutcome,
    ShippedShape,
    StatementShape,
)
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.fulfilling.bulk_ship import Outcome, Shipment, bulk_ship
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.carriers import CARRIERS, SANDBOX
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders.models import Order
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

router = Router(tags=["desk: orders"], auth=KNOWN)
State = Literal["paid", "fulfilling", "fulfilled", "completed", "cancelled", "closed"]


@router.get("/carriers", response=CarriersShape, auth=PUBLIC, summary="Carriers")
def list_carriers(request: Request) -> CarriersShape:
    """Every carrier that may be named when shipping."""
    known = [carrier for carrier in CARRIERS.values() if settings.SANDBOX or carrier.code != SANDBOX]
    return CarriersShape(items=[CarrierShape(code=c.code, name=str(c.name), example=c.example) for c in known])


@router.get("/merchants/{slug}/orders", response=Page[OrderBrief], summary="Orders of a shop")
def list_desk_orders(
    request: Request,
    slug: Path[Slug],
    state: Query[State | None] = None,
    late: Query[bool | None] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[OrderBrief]:
    """What was sold and paid, latest first; all, those in one state, or late ones. Scope `orders.see`."""
    actor, _ = desk(request, slug, Permission.ORDERS_SEE)
    rows = Order.objects.at_desk(actor)
    if state is not None:
        rows = rows.filter(state=state)
    if late is not None:
        rows = rows.filter(late_since__isnull=not late)
    found, following = newest(read.orders_for_list(rows), "placed_at", cursor, limit)
    return Page[OrderBrief](items=[read.order_brief(row) for row in found], next_cursor=following)


@router.get("/merchants/{slug}/orders/{number}", response=DeskOrderShape, summary="One order of a shop")
def get_desk_order(request: Request, slug: Path[Slug], number: Path[Number]) -> DeskOrderShape:
    """An order with address and contact, to ship it. Scope `orders.see`."""
    actor, _ = desk(request, slug, Permission.ORDERS_SEE)
    return selling.order(actor, number)


@router.post("/merchants/{slug}/orders/{number}/parcels", response={201: ShippedShape}, summary="Ship")
def create_parcel(
    request: Request,
    slug: Path[Slug],
    number: Path[Number],
    body: ShipBody,
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Send an order on its way, whole or in parts. With the last piece its receipt clock starts.

    Scope `orders.fulfil`.
    """
    actor, _ = desk(request, slug, Permission.ORDERS_FULFIL)
    row = Order.objects.at_desk(actor).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    pieces = None if body.pieces is None else {piece.line_id: piece.quantity for piece in body.pieces}

    def act() -> ShippedShape:
        parcel = ship_order(
            row.pk, pieces=pieces, carrier=body.carrier, tracking=body.tracking, actor=actor, now=request.now
        )
        return ShippedShape(parcel=read.parcel(parcel), order=selling.order(actor, number))

    return repeatable(request, idempotency_key, body, act)


@router.post("/merchants/{slug}/parcels", response=BulkShipShape, summary="Ship many orders")
def create_parcels(request: Request, slug: Path[Slug], body: BulkShipBody) -> BulkShipShape:
    """All that is left of each order, one parcel each. Each row stands by itself: a bad one is told and spoils nothing.

    A repeat is harmless: orders that were shipped are refused row by row. Scope `orders.fulfil`.
    """
    actor, _ = desk(request, slug, Permission.ORDERS_FULFIL)
    rows = [Shipment(row.number, row.carrier, row.tracking) for row in body.rows]
    items = [_outcome(outcome) for outcome in bulk_ship(rows, actor=actor, now=request.now)]
    shipped = sum(item.parcel_id is not None for item in items)
    return BulkShipShape(items=items, shipped=shipped, refused=len(items) - shipped)


@router.post("/merchants/{slug}/orders/{number}/withdraw", response=DeskOrderShape, summary="Give an order up")
def withdraw_desk_order(request: Request, slug: Path[Slug], number: Path[Number], body: WithdrawBody) -> DeskOrderShape:
    """Close a paid order that cannot be shipped; the buyer gets everything back. Scope `orders.fulfil`."""
    actor, _ = desk(request, slug, Permission.ORDERS_FULFIL)
    row = Order.objects.at_desk(actor).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    withdraw_order(row.pk, actor=actor, because=body.because, now=request.now)
    return selling.order(actor, number)


@router.get("/merchants/{slug}/statement", response=StatementShape, summary="A shop's money", tags=["desk: money"])
def get_statement(request: Request, slug: Path[Slug], limit: Limit = 20, cursor: Cursor = None) -> StatementShape:
    """Held and available balances, and every movement, latest first. Scope `money.see`."""
    _, merchant = desk(request, slug, Permission.MONEY_SEE)
    return selling.statement(merchant.pk, cursor, limit)


def _outcome(outcome: Outcome) -> ShipOutcome:
    refusal = outcome.refusal
    return ShipOutcome(
        number=outcome.row.number,
        parcel_id=outcome.parcel.pk if outcome.parcel else None,
        code=refusal.code.name if refusal else None,
        message=refusal_text(refusal) if refusal else None,
    )
