"""A paid order is taken back before anything was shipped: full refund."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import By, move
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.paying._give_back import give_back
from wanku.flows.paying._money import book_refund_due
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.kinds.registry import KINDS
from wanku.orders.models import Line, Order, Trade
from wanku.orders.states import PAID
from wanku.payments.refund_plan import Wanted, plan_refund
from wanku.payments.refundable import read_refundable


def withdraw_order(order_id: UUID, *, actor: Actor, because: str, now: datetime) -> None:
    """Close a paid order that has not been shipped, set its stock free and pay back what was not paid back before.

    The buyer may always (requirement O10), the merchant with a reason, the platform with a reason. What is booked and
    not sent is called off by its own rules, where that costs the buyer nothing (`cancel_booking`).

    Raises:
        Refusal: ``not_found`` for others, ``wrong_state`` once something was shipped; those of `cancel_booking`.
    """
    found = Order.objects.visible_to(actor).filter(pk=order_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    if found.kind in KINDS:
        cancel_booking(order_id, actor=actor, now=now, because=because)
        return
    by = _by(actor, found)
    with transaction.atomic():
        trade = Trade.objects.select_for_update(no_key=True).get(pk=found.trade_id)
        order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
        lines = list(Line.objects.select_for_update(no_key=True).filter(order=order).order_by("pk"))
        if order.state != PAID or any(line.shipped for line in lines):
            raise Refusal(WRONG_STATE, state=order.state)
        plan = plan_refund(read_refundable(order, lines), Wanted(everything=True))
        refund = give_back(trade, order, lines, plan, reason="withdrawn", note="", now=now)
        move(
            order, "withdraw", by=by, now=now, because=because, facts={"refund": refund.number, "amount": refund.amount}
        )
        book_refund_due(refund, order, now)


def _by(actor: Actor, order: Order) -> By:
    """In which part the actor may do it."""
    if actor.merchant_id == order.merchant_id:
        require(actor, Permission.ORDERS_FULFIL, order.merchant_id)
        return actor.as_merchant()
    if Order.objects.bought_by(actor).filter(pk=order.pk).exists():
        return actor.as_buyer()
    require(actor, Permission.REFUNDS_HANDLE)
    return actor.as_platform()
