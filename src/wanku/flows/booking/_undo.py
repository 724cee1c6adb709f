"""A booking that will not be kept: what is free again, what goes back, and where that leaves the order."""

from datetime import datetime
from typing import Any

from wanku.audit.move import By, move
from wanku.flows.booking._hold import Held, step
from wanku.flows.paying._give_back import call_off, give_back, tell_freed
from wanku.flows.paying._money import book_refund_due
from wanku.flows.settling._windows import open_windows
from wanku.orders.models import Line, Trade
from wanku.payments.models import Refund
from wanku.payments.refund_plan import Wanted, plan_refund
from wanku.payments.refundable import read_refundable

REASONS = {"reject": "rejected", "lapse": "not_accepted", "miss": "missed", "cancel": "cancelled"}
"""Why money goes back, as the refund and the kind are told, by event of the booking."""


def undo(held: Held, event: str, *, by: By, now: datetime, because: str = "", note: str = "") -> None:
    """End a booking with everything paid back and the order closed. The caller holds the locks, the trade's too.

    Args:
        event: ``reject``, ``lapse``, ``miss`` or ``cancel``.
        because: code of the reason.
        note: the reason in words, for the buyer.

    Raises:
        Refusal: ``wrong_state``, ``not_allowed``, ``too_many_refunds``.
    """
    told = {"note": note} if note else {}
    step(held, event, by=by, now=now, because=because, facts=told)
    _ended(held, now)
    lines = held.lines()
    left = read_refundable(held.order, lines)
    facts: dict[str, Any] = dict(told)
    refund = None
    if left.total:
        plan = plan_refund(left, Wanted(everything=True))
        refund = give_back(_trade(held), held.order, lines, plan, reason=REASONS[event], note=note, now=now)
        facts |= {"refund": refund.number, "amount": refund.amount}
    move(held.order, "withdraw", by=by, now=now, because=because or REASONS[event], facts=facts)
    if refund is not None:
        book_refund_due(refund, held.order, now)


def undo_at_a_fee(held: Held, fee: int, *, by: By, now: datetime, because: str = "") -> Refund | None:
    """End a booking whose terms let the merchant keep a part. The caller holds the locks, the trade's too.

    The order is complete with it: its after-sales window opens, and what was kept is settled like any other sale.

    Args:
        fee: minor units of what was paid and not paid back yet; positive.

    Raises:
        Refusal: ``wrong_state``, ``not_allowed``, ``too_many_refunds``.
    """
    order, booking = held.order, held.booking
    step(held, "cancel", by=by, now=now, because=because, facts={"fee": fee, "currency": order.currency})
    _ended(held, now)
    lines = held.lines()
    left = read_refundable(order, lines)
    refund = None
    if fee < left.total:
        plan = plan_refund(left, Wanted(everything=True, fee=fee))
        refund = give_back(_trade(held), order, lines, plan, reason="cancelled", note="", now=now)
    else:
        _free(held, lines, now)
    facts: dict[str, Any] = {"booking": str(booking.pk), "fee": fee, "amount": refund.amount if refund else 0}
    move(order, "keep_fee", by=by, now=now, because=because, facts=facts)
    order.completed_at = now
    order.save(update_fields=["completed_at"])
    open_windows([order], now=now)
    if refund is not None:
        book_refund_due(refund, order, now)
    return refund


def _free(held: Held, lines: list[Line], now: datetime) -> None:
    """Nothing goes back, but what was booked is to be had again."""
    call_off(_trade(held), lines, {line.pk: line.to_ship for line in lines if line.to_ship}, whole=False)
    tell_freed(held.order, lines, {line.pk for line in lines}, because="cancelled", now=now)


def _ended(held: Held, now: datetime) -> None:
    held.booking.done_at = now
    held.booking.save(update_fields=["done_at"])


def _trade(held: Held) -> Trade:
    if held.trade is None:
        raise ValueError("money goes back only with the trade's lock")
    return held.trade
