"""What follows from money that arrived; the caller holds the locks of trade and attempt."""

from datetime import datetime, timedelta

from wanku.audit.move import By, move
from wanku.catalog.count_sales import count_sales
from wanku.flows.paying._money import book_capture, book_unwanted
from wanku.flows.paying._refund import intend_refund
from wanku.inventory import take
from wanku.kernel.states import GATEWAY
from wanku.orders import personal
from wanku.orders.demand import demand_of
from wanku.orders.models import Line, Order, Trade
from wanku.orders.states import CANCELLED, PLACED
from wanku.payments.models import Attempt


def capture(attempt: Attempt, trade: Trade, now: datetime) -> None:
    """Pay the trade; money that is too much or too late goes back by itself."""
    by = By(GATEWAY)
    if trade.state not in (PLACED, CANCELLED):
        _send_back(attempt, by, now, "duplicate")
        return
    orders = list(Order.objects.select_for_update(no_key=True).filter(trade=trade).order_by("pk"))
    lines = list(Line.objects.filter(order__in=orders))
    demand = demand_of(lines)
    event = "pay"
    if trade.state == CANCELLED:
        event = "revive"
        if not _take_again(trade, lines, demand):
            _send_back(attempt, by, now, "late")
            return
    else:
        take.lock(demand)
        take.sell_held(demand)
    move(attempt, "capture", by=by, now=now)
    trade.paid_at = now
    trade.save(update_fields=["paid_at"])
    move(trade, event, by=by, now=now, facts={"gateway": attempt.gateway, "amount": attempt.amount})
    for order in orders:
        _pay_order(order, event, by, now)
    _count_sales(lines)
    book_capture(attempt, orders, now)


def _take_again(trade: Trade, lines: list[Line], demand: take.Demand) -> bool:
    """Stock and the limit per person once more, both or neither: the buyer may have ordered anew meanwhile."""
    if not take.sell_free(demand):
        return False
    if not personal.take_again(trade, lines):
        take.free_sold(demand)
        return False
    return True


def _pay_order(order: Order, event: str, by: By, now: datetime) -> None:
    order.paid_at = now
    order.ship_by = now + timedelta(hours=order.terms["ship_within_hours"])
    order.save(update_fields=["paid_at", "ship_by"])
    move(order, event, by=by, now=now, due_at=order.ship_by)


def _count_sales(lines: list[Line]) -> None:
    pieces: dict[int, int] = {}
    for line in lines:
        pieces[line.product_id] = pieces.get(line.product_id, 0) + line.quantity
    count_sales(pieces)


def _send_back(attempt: Attempt, by: By, now: datetime, reason: str) -> None:
    """Book what arrived, owe it to the buyer, and intend the refund: all in one transaction."""
    attempt.duplicate = True
    attempt.save(update_fields=["duplicate"])
    move(attempt, "capture", by=by, now=now, because=reason)
    book_unwanted(attempt, now)
    intend_refund(attempt, order=None, amount=attempt.amount, reason=reason, now=now)
