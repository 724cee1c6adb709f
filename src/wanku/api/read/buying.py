"""Trades and orders as the API shows them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from wanku.access.actor import Actor
from wanku.api.read.bookings import booking_of
from wanku.api.read.catalog import picture
from wanku.api.shapes import buying as shapes
from wanku.api.shapes.cart import AddOnPrice
from wanku.api.shapes.catalog import ShopBrief
from wanku.audit.models import Move
from wanku.fulfilment.models import Parcel, TrackingEvent
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders.models import Line, Order, Trade
from wanku.payments.gateways import available
from wanku.payments.models import Attempt, Refund

STEPS_MAX = 500


def orders_for_list(rows: "QuerySet[Order]") -> "QuerySet[Order]":
    """What `order_brief` reads."""
    return rows.select_related("merchant", "trade").prefetch_related("lines__review")


def orders_whole(rows: "QuerySet[Order]") -> "QuerySet[Order]":
    """What `order` reads: a fixed number of queries for any number of orders, parcels and steps."""
    events = Prefetch("parcels__events", queryset=TrackingEvent.objects.order_by("-at", "-id"))
    return orders_for_list(rows).select_related("booking").prefetch_related("parcels__lines", events, "refunds")


def trade(actor: Actor, number: str) -> shapes.TradeShape:
    """One of the buyer's trades, whole.

    Raises:
        Refusal: ``not_found``.
    """
    row = Trade.objects.bought_by(actor).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return whole_trade(row)


def trade_by_id(trade_id: UUID) -> shapes.TradeShape:
    """A trade that the caller was just given."""
    return whole_trade(Trade.objects.get(pk=trade_id))


def whole_trade(row: Trade) -> shapes.TradeShape:
    """A trade with its orders and attempts."""
    orders = orders_whole(Order.objects.filter(trade=row)).order_by("pk")
    return shapes.TradeShape(
        **_trade(row),
        orders=[order(each) for each in orders],
        contact=shapes.ContactShape(name=row.contact_name, phone=row.contact_phone, email=row.contact_email),
        attempts=[attempt(each) for each in row.attempts.order_by("-created_at")],
    )


def trades_for_list(rows: "QuerySet[Trade]") -> "QuerySet[Trade]":
    """What `trade_brief` reads."""
    return rows.prefetch_related(Prefetch("orders", queryset=orders_for_list(Order.objects.order_by("pk"))))


def trade_brief(row: Trade) -> shapes.TradeBrief:
    """A trade in a list."""
    return shapes.TradeBrief(**_trade(row), orders=[order_brief(each) for each in row.orders.all()])


def _trade(row: Trade) -> dict[str, Any]:
    return {
        "number": row.number,
        "state": row.state,
        "due_at": row.due_at,
        "currency": row.currency,
        "amount": row.amount,
        "placed_at": row.placed_at,
        "paid_at": row.paid_at,
    }


def order_brief(row: Order) -> shapes.OrderBrief:
    """An order in a list."""
    return shapes.OrderBrief(**_order(row))


def order(row: Order) -> shapes.OrderShape:
    """An order, whole; read with `orders_whole`."""
    return shapes.OrderShape(
        **_order(row),
        address=shapes.AddressShape(**row.address),
        note=row.note,
        terms=row.terms,
        parcels=[parcel(each) for each in row.parcels.all()],
        booking=booking_of(row, with_code=True),
        refunds=[refund(each) for each in row.refunds.all()],
    )


def _order(row: Order) -> dict[str, Any]:
    names: tuple[str, ...] = ("kind", "starts_at", "ends_at")
    names += ("number", "state", "due_at", "currency", "goods", "freight", "amount", "placed_at", "paid_at", "ship_by")
    moments = ("late_since", "fulfilled_at", "completed_at", "extended_at")
    return {
        **{name: getattr(row, name) for name in (*names, *moments)},
        "trade_number": row.trade.number,
        "merchant": ShopBrief(slug=row.merchant.slug, name=row.merchant.name),
        "lines": [_line(line) for line in row.lines.all()],
    }


def _line(row: Line) -> shapes.OrderLineShape:
    review = getattr(row, "review", None)
    return shapes.OrderLineShape(
        id=row.pk,
        product_id=row.product_id,
        variant_id=row.variant_id,
        title=row.title,
        label=row.label,
        sku=row.sku,
        kind=row.kind,
        choice=row.choice,
        parts=[shapes.PricePart(**part) for part in row.parts],
        picture=picture(row.picture_id, row.title),
        unit_price=row.unit_price,
        quantity=row.quantity,
        amount=row.amount,
        add_ons=[AddOnPrice(name=extra["name"], price=extra["price"]) for extra in row.add_ons],
        returns=row.returns,
        shipped=row.shipped,
        review_id=review.pk if review else None,
    )


def parcel(row: Parcel) -> shapes.ParcelShape:
    """A parcel with what the carrier reported."""
    return shapes.ParcelShape(
        id=row.pk,
        carrier=row.carrier,
        tracking=row.tracking,
        state=row.state,
        shipped_at=row.shipped_at,
        expected_from=row.expected_from,
        expected_to=row.expected_to,
        delivered_at=row.delivered_at,
        lines=[shapes.ParcelLineShape(line_id=each.line_id, quantity=each.quantity) for each in row.lines.all()],
        events=[
            shapes.TrackingShape(code=each.code, at=each.at, place=each.place, text=each.text)
            for each in row.events.all()
        ],
    )


def refund(row: Refund) -> shapes.RefundShape:
    """A refund."""
    return shapes.RefundShape.model_validate(row)


def attempt(row: Attempt) -> shapes.AttemptShape:
    """A try to pay."""
    return shapes.AttemptShape.model_validate(row)


def methods() -> shapes.MethodsShape:
    """Every way to pay."""
    return shapes.MethodsShape(
        items=[
            shapes.MethodShape(gateway=gateway, method=method, label=gettext(way.label))
            for gateway, method, way in available()
        ]
    )


def timeline(row: Trade) -> shapes.TimelineShape:
    """What happened to a trade and its orders, oldest first."""
    moves: Sequence[Move] = list(Move.objects.filter(trade_id=row.pk).order_by("id")[:STEPS_MAX])
    numbers = {str(pk): number for pk, number in row.orders.values_list("pk", "number")}
    return shapes.TimelineShape(
        items=[
            shapes.StepShape(
                at=move.at,
                subject=move.subject_type,
                order_number=numbers.get(move.subject_id),
                event=move.event,
                from_state=move.from_state,
                to_state=move.to_state,
                by=move.actor,
            )
            for move in moves
        ]
    )
