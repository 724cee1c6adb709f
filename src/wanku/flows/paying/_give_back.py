"""What follows from paying an order back, in whole or in part; the caller holds the locks of trade and order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wanku.catalog.count_sales import count_sales
from wanku.flows.paying._in_kind import give_in_kind
from wanku.flows.paying._refund import intend_refund
from wanku.inventory import take
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kinds.registry import KINDS
from wanku.orders import personal
from wanku.orders.booked import booked
from wanku.orders.demand import demand_of_pieces
from wanku.orders.models import Line, Order, Trade
from wanku.payments.models import Attempt, Refund, RefundLine
from wanku.payments.refund_plan import Plan
from wanku.payments.states import CAPTURED

REFUNDS_MAX: Final = 50
"""Per payment; WeChat Pay takes no more."""
TOO_MANY_REFUNDS = Code(
    "too_many_refunds",
    gettext_noop("One payment can be paid back in at most 50 parts. Please pay the rest back at once."),
    409,
)


def give_back(
    trade: Trade, order: Order, lines: Sequence[Line], plan: Plan, *, reason: str, note: str, now: datetime
) -> Refund:
    """Put on sale again what has not left, and intend the refund. The caller moves the order, then books what is due.

    Kinds are told of lines of which nothing is left; the caller moves the booking too.

    Raises:
        Refusal: ``too_many_refunds``; the last one that is possible must be of everything that is left.
    """
    attempt = Attempt.objects.get(trade_id=order.trade_id, state=CAPTURED, duplicate=False)
    before = Refund.objects.filter(attempt=attempt).count()
    if before >= REFUNDS_MAX or (before == REFUNDS_MAX - 1 and not plan.whole):
        raise Refusal(TOO_MANY_REFUNDS)
    call_off(trade, lines, {x.line_id: x.called_off for x in plan.parts if x.called_off}, whole=plan.whole)
    ended, pieces = {x.line_id for x in plan.parts if x.ends}, {x.line_id: x.quantity for x in plan.parts if x.quantity}
    tell_freed(order, lines, ended, pieces, because=reason, now=now)
    refund = intend_refund(attempt, order=order, amount=plan.amount, reason=reason, now=now)
    refund.note, refund.freight = note, plan.freight
    refund.save(update_fields=["note", "freight"])
    RefundLine.objects.bulk_create(
        RefundLine(refund=refund, line_id=x.line_id, quantity=x.quantity, called_off=x.called_off, amount=x.amount)
        for x in plan.parts
    )
    give_in_kind(refund, plan, now)
    return refund


def call_off(trade: Trade, lines: Sequence[Line], called_off: Mapping[UUID, int], *, whole: bool) -> None:
    """Pieces that have not left are free again, and count for nobody; with the whole order none of it counts."""
    demand = demand_of_pieces(lines, called_off)
    take.lock(demand)
    take.free_sold(demand)
    personal.lower_pieces(trade, {line: line.standing if whole else called_off.get(line.pk, 0) for line in lines})
    unsold: dict[int, int] = {}
    for line in lines:
        if line.pk in called_off:
            unsold[line.product_id] = unsold.get(line.product_id, 0) - called_off[line.pk]
            line.called_off += called_off[line.pk]
    count_sales(unsold)
    Line.objects.bulk_update([line for line in lines if line.pk in called_off], ["called_off"])


def tell_freed(
    order: Order,
    lines: Sequence[Line],
    ended: Collection[UUID],
    pieces: Mapping[UUID, int] = MappingProxyType({}),
    *,
    because: str,
    now: datetime,
) -> None:
    """Tell the kind of an order that nothing is owed any more for some of its lines; goods have none.

    Args:
        pieces: that are paid back now, by line, for kinds that take back single pieces.
    """
    kind = KINDS.get(order.kind)
    if kind is None:
        return
    told = []
    for line in lines:
        line.order = order
        if kind.by_piece and line.pk in pieces:
            told.append(replace(booked(line), quantity=pieces[line.pk]))
        elif line.pk in ended:
            told.append(booked(line))
    if told:
        kind.freed(told, because=because, now=now)
