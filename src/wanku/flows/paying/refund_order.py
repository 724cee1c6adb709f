"""A merchant or the platform pays an order back, in whole or in part."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import By, move, note
from wanku.audit.record import record
from wanku.flows.booking._refunded import end_with_refund
from wanku.flows.fulfilling._fulfil import fulfil
from wanku.flows.paying._give_back import give_back
from wanku.flows.paying._money import book_refund_due
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, WRONG_STATE, Code, Refusal, gettext_noop
from wanku.kernel.states import MERCHANT, SYSTEM
from wanku.kernel.text import clean
from wanku.kinds.registry import KINDS
from wanku.orders.models import Line, Order, Trade
from wanku.orders.states import COMPLETED, FULFILLED, FULFILLING, PAID
from wanku.payments.models import Refund
from wanku.payments.refund_plan import Plan, Wanted, plan_refund
from wanku.payments.refundable import read_refundable

REASON_MIN, REASON_MAX = 2, 200
CHANGED = Code(
    "refund_changed",
    gettext_noop("Something of this order was paid back meanwhile. Please look at what is left and choose again."),
    409,
)
STATES = (PAID, FULFILLING, FULFILLED, COMPLETED)


def refund_order(
    order_id: UUID, wanted: Wanted, *, because: str, actor: Actor, now: datetime, seen: int | None = None
) -> Refund:
    """Pay a part or all of an order back the way the payment came; many times, never more than was paid.

    Pieces that have not left are called off and on sale again; an order of which nothing is left to ship is
    fulfilled, one that was wholly paid back is closed. The sweeper sends the refund at once.

    Args:
        because: why, in words; the buyer reads it.
        seen: how many refunds of the order the person saw, so that a form that is sent twice pays once.

    Raises:
        Refusal: ``not_found``, ``not_allowed``, ``sign_in``; ``bad_value`` on ``because``; ``wrong_state`` for an
            order that is not paid or closed; ``refund_changed``; ``too_many_refunds``; those of `plan_refund`.
    """
    found = Order.objects.visible_to(actor).filter(pk=order_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    by, text = _by(actor, found), _reason(because)
    with transaction.atomic():
        trade = Trade.objects.select_for_update(no_key=True).get(pk=found.trade_id)
        order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
        lines = list(Line.objects.select_for_update(no_key=True).filter(order=order).order_by("pk"))
        if order.state not in STATES:
            raise Refusal(WRONG_STATE, state=order.state)
        left = read_refundable(order, lines)
        if seen is not None and seen != left.refunds:
            raise Refusal(CHANGED)
        plan = plan_refund(left, wanted)
        refund = give_back(trade, order, lines, plan, reason="refunded", note=text, now=now)
        _move(order, refund, plan, by=by, now=now)
        record(
            "refund_order",
            actor_id=actor.person_id,
            merchant_id=order.merchant_id if by.kind == MERCHANT else None,
            subject_type="order",
            subject_id=order.pk,
            because=text,
            now=now,
            facts={"refund": refund.number, "amount": refund.amount},
        )
        book_refund_due(refund, order, now)
    return refund


def _by(actor: Actor, order: Order) -> By:
    """In which part the actor may do it."""
    if actor.merchant_id == order.merchant_id:
        require(actor, Permission.REFUNDS_MAKE, order.merchant_id)
        return actor.as_merchant()
    require(actor, Permission.REFUNDS_HANDLE)
    return actor.as_platform()


def _reason(because: str) -> str:
    text = clean(because)
    if not REASON_MIN <= len(text) <= REASON_MAX:
        problem = gettext_noop("Tell the buyer why, in 2 to 200 characters.")
        raise Refusal(BAD_VALUE, field="because", problem=problem)
    return text


def _move(order: Order, refund: Refund, plan: Plan, *, by: By, now: datetime) -> None:
    """Close an order that was wholly paid back; else tell of the part, and go on without what was called off."""
    facts = {"refund": refund.number, "amount": refund.amount, "note": refund.note}
    if plan.whole:
        end_with_refund(order, by=by, now=now)
        move(order, "refund", by=by, now=now, facts=facts)
        return
    note(order, "refund_part", by=by, now=now, facts=facts)
    # What is booked and not sent is fulfilled when its booking is.
    if order.kind not in KINDS and order.state in (PAID, FULFILLING) and not plan.stays:
        fulfil(order, by=By(SYSTEM), now=now, facts={"refund": refund.number})
