"""A booking is called off before it begins."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import By
from wanku.flows.booking._fee import cost_now
from wanku.flows.booking._hold import first, hold
from wanku.flows.booking._undo import undo, undo_at_a_fee
from wanku.kernel.money import Money
from wanku.kernel.refusal import WRONG_STATE, Code, Refusal, gettext_noop
from wanku.kernel.states import BUYER
from wanku.orders.models import Order
from wanku.payments.models import Refund

FEE = Code(
    "cancellation_fee",
    gettext_noop("Cancelling now costs %(fee)s, as the terms of this order say. Please agree to it first."),
    409,
)


def cancel_booking(
    order_id: UUID, *, actor: Actor, now: datetime, agreed_fee: int = 0, because: str = "", note: str = ""
) -> Refund | None:
    """Call it off. What was booked is free again, and what is paid goes back: all of it when the merchant or the
    platform does it; less the fee of the table that was frozen with the order when the buyer does.

    Args:
        agreed_fee: the fee that the buyer was shown, minor units; a higher one is refused, so that nobody pays by the
            clock's going on.
        because: code of the buyer's reason.
        note: in words, from merchant or platform; the buyer reads it.

    Returns:
        what goes back to the buyer at a fee; none when nothing does, or everything.

    Raises:
        Refusal: ``not_found``, ``not_allowed``, ``sign_in``; ``wrong_state``; ``cancellation_fee`` with the fee;
            ``too_many_refunds``.
    """
    found = first(Order.objects.visible_to(actor), order_id)
    by = _by(actor, found)
    with transaction.atomic():
        held = hold(found, with_trade=True)
        if by.kind != BUYER:
            undo(held, "cancel", by=by, now=now, because=because or "cancelled", note=note)
            return None
        if held.booking.state not in held.kind.course.cancel:
            raise Refusal(WRONG_STATE, state=held.booking.state)
        fee = cost_now(held.order, held.booking, now=now).fee
        if fee > agreed_fee:
            raise Refusal(FEE, field="agreed_fee", fee=Money(fee, held.order.currency), amount=fee)
        if not fee:
            undo(held, "cancel", by=by, now=now, because=because)
            return None
        return undo_at_a_fee(held, fee, by=by, now=now, because=because)


def _by(actor: Actor, order: Order) -> By:
    """In which part the actor may do it."""
    if actor.merchant_id == order.merchant_id:
        require(actor, Permission.ORDERS_FULFIL, order.merchant_id)
        return actor.as_merchant()
    if Order.objects.bought_by(actor).filter(pk=order.pk).exists():
        return actor.as_buyer()
    require(actor, Permission.REFUNDS_HANDLE)
    return actor.as_platform()
