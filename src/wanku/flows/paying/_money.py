"""Ledger entries of payments, in the words of the rules."""

from collections.abc import Iterable
from datetime import datetime

from wanku.flows.paying._sql import AttemptRow, OrderRow
from wanku.ledger.order_money import capture_lines, money_of, refund_bookings
from wanku.ledger.post import REFUNDS_DUE, Booking, Line, bank, clearing, post, post_all
from wanku.orders.models import Order
from wanku.payments.models import Refund


def captured(attempt: AttemptRow, orders: Iterable[OrderRow]) -> Booking:
    """The channel owes us the amount; each merchant's share is held for it, with what the platform adds to it."""
    lines = [Line(clearing(attempt.gateway), -attempt.amount)]
    lines += [line for order in orders for line in capture_lines(order)]
    return Booking(f"capture:{attempt.pk}", "capture", "attempt", attempt.pk, attempt.currency, lines)


def unwanted(attempt: AttemptRow) -> Booking:
    """Money that pays no order: it is owed to the buyer at once."""
    lines = [Line(clearing(attempt.gateway), -attempt.amount), Line(REFUNDS_DUE, attempt.amount)]
    return Booking(f"capture:{attempt.pk}", "capture_unwanted", "attempt", attempt.pk, attempt.currency, lines)


def book_refund_due(refund: Refund, order: Order, now: datetime) -> None:
    """The money is owed to the buyer now: see `wanku.ledger.rules.take_back`. The caller holds the order's lock."""
    money = money_of([order.pk])[order.pk]
    post_all(refund_bookings(order, money, refund_id=refund.pk, amount=refund.amount), now=now)


def book_refunded(refund: Refund, now: datetime) -> None:
    """It was paid back: by the channel, or by the route that finance took with the buyer's consent."""
    post(
        key=f"refund:{refund.pk}",
        reason="refund",
        ref_type="refund",
        ref_id=refund.pk,
        currency=refund.currency,
        lines=[
            Line(REFUNDS_DUE, -refund.amount),
            Line(bank() if refund.route else clearing(refund.attempt.gateway), refund.amount),
        ],
        now=now,
    )
