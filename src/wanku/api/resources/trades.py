"""Placing orders and following them, as a buyer."""

from typing import Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Path, Query, Router

from wanku.access.actor import Actor
from wanku.access.scopes import Scope
from wanku.api import limits
from wanku.api.callers import KNOWN, PUBLIC, buyer, new_token
from wanku.api.cursors import Cursor, Limit, Page, newest
from wanku.api.fields import Number, RequiredKey
from wanku.api.naming import renaming
from wanku.api.read import buying as read
from wanku.api.read.placed import placed_trade
from wanku.api.repeats import respond
from wanku.api.resources.cart import wishes_of
from wanku.api.shapes.buying import (
    OrderBody,
    OrderBrief,
    TimelineShape,
    TrackBody,
    TrackedShape,
    TradeBrief,
    TradeShape,
)
from wanku.flows.buying.cancel_trade import cancel_trade
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.flows.buying.track_order import track_order
from wanku.kernel.ids import new_id
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Merchant
from wanku.orders.models import Order, Trade
from wanku.ui.request import Request

router = Router(tags=["orders"], auth=KNOWN)
State = Literal["placed", "paid", "fulfilling", "fulfilled", "completed", "cancelled", "closed"]


@router.post("/orders", response={201: TradeShape}, summary="Place an order")
def create_order(request: Request, body: OrderBody, idempotency_key: RequiredKey) -> HttpResponse:
    """One checkout: a trade with one order for each shop. Its stock is held until the trade's `due_at`.

    Give the `total` of a fresh quote as `agreed_total`. When prices or stock changed in between, nothing is ordered
    and the problem carries the new total or what is left. Pay with `POST /trades/{number}/attempts`. A repeat with the
    same key gives the same trade, as it is by then. Scope `trades.place`.
    """
    actor = buyer(request, Scope.TRADES_PLACE)
    checkout = Checkout(
        actor=actor,
        key=idempotency_key,
        wishes=wishes_of(body.lines),
        contact=Contact(body.contact.name, body.contact.phone or "", body.contact.email or ""),
        address=body.address.model_dump() if body.address else {},
        agreed_total=body.agreed_total,
        language=get_language() or "zh-hans",
        notes=notes_of(body),
        agreed_no_return=frozenset(body.agreed_no_return),
    )
    with renaming({"key": "Idempotency-Key"}):
        placed = place_order(checkout, now=request.now)
    return respond(placed_trade(placed), status=201, repeated=placed.repeated)


@router.get("/orders", response=Page[OrderBrief], summary="The caller's orders")
def list_orders(
    request: Request, state: Query[State | None] = None, limit: Limit = 20, cursor: Cursor = None
) -> Page[OrderBrief]:
    """Latest first, all or those in one state. Scope `trades.see`."""
    rows = Order.objects.bought_by(buyer(request, Scope.TRADES_SEE))
    if state is not None:
        rows = rows.filter(state=state)
    found, following = newest(read.orders_for_list(rows), "placed_at", cursor, limit)
    return Page[OrderBrief](items=[read.order_brief(row) for row in found], next_cursor=following)


@router.get("/trades", response=Page[TradeBrief], summary="The caller's trades")
def list_trades(request: Request, limit: Limit = 20, cursor: Cursor = None) -> Page[TradeBrief]:
    """Latest first. Scope `trades.see`."""
    mine = read.trades_for_list(_mine(request))
    found, following = newest(mine, "placed_at", cursor, limit)
    return Page[TradeBrief](items=[read.trade_brief(row) for row in found], next_cursor=following)


@router.get("/trades/{number}", response=TradeShape, summary="One trade")
def get_trade(request: Request, number: Path[Number]) -> TradeShape:
    """A checkout with its orders, parcels, refunds and tries to pay. Scope `trades.see`."""
    return read.trade(buyer(request, Scope.TRADES_SEE), number)


@router.get("/trades/{number}/timeline", response=TimelineShape, summary="What happened")
def get_timeline(request: Request, number: Path[Number]) -> TimelineShape:
    """Every step of the trade, its orders, parcels, payments and refunds, oldest first. Scope `trades.see`."""
    return read.timeline(own_trade(buyer(request, Scope.TRADES_SEE), number))


@router.post("/trades/{number}/cancel", response=TradeShape, summary="Cancel an unpaid trade")
def cancel(request: Request, number: Path[Number]) -> TradeShape:
    """Cancel all its orders and set their stock free. A repeat is refused as `wrong_state`. Scope `trades.place`."""
    actor = buyer(request, Scope.TRADES_PLACE)
    cancel_trade(own_trade(actor, number).pk, actor=actor, now=request.now)
    return read.trade(actor, number)


@router.post("/tracking", response=TrackedShape, auth=PUBLIC, summary="Find a guest's order")
def track(request: Request, body: TrackBody) -> TrackedShape:
    """Find an order that was placed without an account, by number and contact. Guesses are counted."""
    trade_id = track_order(body.number, body.contact, source=limits.address_of(request), now=request.now)
    actor = request.actor
    guest = actor.guest_key if actor.guest_key and actor.person_id is None else new_id()
    token = new_token(guest, actor.granted | {trade_id})
    return TrackedShape(token=token, trade=read.trade_by_id(trade_id))


def own_trade(actor: Actor, number: str) -> Trade:
    """A trade that the caller bought.

    Raises:
        Refusal: ``not_found``.
    """
    row = Trade.objects.bought_by(actor).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return row


def _mine(request: Request) -> "QuerySet[Trade]":
    return Trade.objects.bought_by(buyer(request, Scope.TRADES_SEE))


def notes_of(body: OrderBody) -> dict[int, str]:
    """A word to each merchant by its id.

    Raises:
        Refusal: ``not_found`` for a shop that does not exist.
    """
    if not body.notes:
        return {}
    ids = dict(Merchant.objects.filter(slug__in=[note.merchant for note in body.notes]).values_list("slug", "pk"))
    notes = {}
    for index, note in enumerate(body.notes):
        if note.merchant not in ids:
            raise Refusal(NOT_FOUND, field=f"notes.{index}.merchant")
        notes[ids[note.merchant]] = note.text
    return notes
