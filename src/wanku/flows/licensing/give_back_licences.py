"""A buyer gives back licences that nobody used."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import move
from wanku.audit.rules import current
from wanku.flows.paying._give_back import give_back
from wanku.flows.paying._money import book_refund_due
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.kinds.issue.kind import IssueKind
from wanku.kinds.issue.models import ISSUED, Licence, Source
from wanku.kinds.issue.refusals import LICENCE_REVOKED, LICENCE_SEEN, LICENCE_USED, RETURN_OVER
from wanku.orders.models import Line, Order, Trade
from wanku.orders.states import COMPLETED, FULFILLED
from wanku.payments.models import Refund
from wanku.payments.refund_plan import Wanted, plan_refund
from wanku.payments.refundable import read_refundable

CLOCK = "return_no_reason"


def give_back_licences(order_id: UUID, *, actor: Actor, now: datetime) -> Refund:
    """Pay a whole order of licences back within the days of return, as long as none of them was ever activated.

    A code that a shop imported counts as used once it was seen, since nobody can tell what became of it then (digital
    goods that were unsealed, Consumer Rights Law, article 25). All codes are revoked.

    Raises:
        Refusal: ``not_found``; ``wrong_state``; ``return_over``; ``licence_used``; ``licence_seen``;
            ``licence_revoked`` by the shop; ``nothing_to_refund``; ``too_many_refunds``.
    """
    found = Order.objects.bought_by(actor).filter(pk=order_id, kind=IssueKind.code).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    with transaction.atomic():
        trade = Trade.objects.select_for_update(no_key=True).get(pk=found.trade_id)
        order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
        lines = list(Line.objects.select_for_update(no_key=True).filter(order=order).order_by("pk"))
        if order.state not in (FULFILLED, COMPLETED) or order.paid_at is None:
            raise Refusal(WRONG_STATE, state=order.state)
        until = order.paid_at + timedelta(seconds=current()[CLOCK])
        if now > until:
            raise Refusal(RETURN_OVER, at=until)
        _check_unused(order)
        plan = plan_refund(read_refundable(order, lines), Wanted(everything=True))
        refund = give_back(trade, order, lines, plan, reason="refunded", note="", now=now)
        facts = {"refund": refund.number, "amount": refund.amount}
        move(order, "refund", by=actor.as_buyer(), now=now, facts=facts)
        book_refund_due(refund, order, now)
    return refund


def _check_unused(order: Order) -> None:
    granted = Licence.objects.filter(grants__order_id=order.pk, grants__undone_at=None)
    rows = Licence.objects.filter(pk__in=granted.values("pk")).select_related("plan")
    for licence in rows.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        if licence.state != ISSUED:
            raise Refusal(LICENCE_REVOKED)
        if licence.activated_at is not None:
            raise Refusal(LICENCE_USED, tail=licence.tail)
        if licence.plan.source == Source.POOL and licence.shown_at is not None:
            raise Refusal(LICENCE_SEEN, tail=licence.tail)
