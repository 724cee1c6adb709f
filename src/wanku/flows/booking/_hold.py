"""Locking an order with its booking: trade, order, booking, in this order, for every step of a booking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import By, move
from wanku.flows.booking._clock import due_in
from wanku.fulfilment.booking_states import BOOKING_MACHINE
from wanku.fulfilment.models import Booking
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.kinds.kind import Kind
from wanku.kinds.registry import KINDS
from wanku.orders.models import Line, Order, Trade


@dataclass(slots=True)
class Held:
    """A locked order with its locked booking.

    Attributes:
        trade: locked too where money may go back; none elsewhere.
    """

    order: Order
    booking: Booking
    kind: Kind
    trade: Trade | None = None

    def lines(self) -> list[Line]:
        """The order's lines, locked."""
        lines = Line.objects.select_for_update(no_key=True).filter(order=self.order).order_by("pk")
        found = list(lines)
        for line in found:
            line.order = self.order
        return found


def hold_at_desk(order_id: UUID, actor: Actor, *, with_trade: bool = False) -> Held:
    """For a merchant's people who keep promises.

    Raises:
        Refusal: ``not_found``, ``sign_in``, ``not_allowed``; ``wrong_state`` before the order is paid.
    """
    found = Order.objects.at_desk(actor).filter(pk=order_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.ORDERS_FULFIL, found.merchant_id)
    return hold(found, with_trade=with_trade)


def hold_of_buyer(order_id: UUID, actor: Actor, *, with_trade: bool = False) -> Held:
    """For the buyer.

    Raises:
        Refusal: ``not_found`` for anyone else; ``wrong_state`` before the order is paid.
    """
    return hold(first(Order.objects.bought_by(actor), order_id), with_trade=with_trade)


def first(orders: QuerySet[Order], order_id: UUID) -> Order:
    """One of these, not locked.

    Raises:
        Refusal: ``not_found``.
    """
    found = orders.filter(pk=order_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    return found


def hold(found: Order, *, with_trade: bool = False) -> Held:
    """Lock an order that somebody may act on, and what belongs to it.

    Raises:
        Refusal: ``not_found`` for goods; ``wrong_state`` before the order is paid.
    """
    kind = KINDS.get(found.kind)
    if kind is None:
        raise Refusal(NOT_FOUND)
    trade = Trade.objects.select_for_update(no_key=True).get(pk=found.trade_id) if with_trade else None
    order = Order.objects.select_for_update(no_key=True).get(pk=found.pk)
    booking = Booking.objects.select_for_update(no_key=True).filter(order=order).first()
    if booking is None:
        raise Refusal(WRONG_STATE, state=order.state)
    booking.order = order
    return Held(order, booking, kind, trade)


def step(
    held: Held, event: str, *, by: By, now: datetime, because: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Move the booking; the new state gets the clock that its kind gives it.

    Raises:
        Refusal: ``wrong_state``, ``not_allowed``.
    """
    booking = held.booking
    rule = BOOKING_MACHINE.after(booking.state, event)
    if rule is None:
        raise Refusal(WRONG_STATE, state=booking.state)
    due_at = due_in(held.kind.course, rule.to, booking, now=now, frozen=held.order.terms.get("clocks"))
    told = {"order": str(held.order.pk), **(facts or {})}
    move(booking, event, by=by, now=now, due_at=due_at, because=because, facts=told)
    booking.reminded_at = None
    booking.save(update_fields=["reminded_at"])
