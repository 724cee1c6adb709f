"""What follows from the word of a channel, for a batch; the caller holds the locks of trades and attempts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wanku.audit.move import By, RowStep, move_rows
from wanku.catalog.count_sales import count_sales
from wanku.flows.booking._begin import begin_bookings
from wanku.flows.paying import _sql
from wanku.flows.paying._money import captured, unwanted
from wanku.flows.paying._refund import intend_refund
from wanku.inventory import take
from wanku.kernel.states import GATEWAY
from wanku.kinds.registry import KINDS
from wanku.ledger.post import post_all
from wanku.orders import personal
from wanku.orders.booked import booked_lines
from wanku.orders.models import Line, Order, Trade
from wanku.orders.states import CANCELLED, PAID, PLACED
from wanku.payments.channel import ChannelResult
from wanku.payments.models import Attempt

BY = By(GATEWAY)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An attempt of which a channel says something new, and the state in which that found it."""

    attempt: _sql.AttemptRow
    state: str
    result: ChannelResult


@dataclass(slots=True)
class Sold:
    """What one trade consists of."""

    orders: list[_sql.OrderRow] = field(default_factory=list)
    lines: list[_sql.LineRow] = field(default_factory=list)
    demand: dict[int, int] = field(default_factory=dict)


def fail(refused: Sequence[Arrived], now: datetime) -> None:
    """Close attempts with the channel's reason; the buyer may try again."""
    reasons = [each.result.failure or "refused" for each in refused]
    steps = [
        RowStep(each.attempt.pk, each.state, None, each.attempt.trade_id, because=reason)
        for each, reason in zip(refused, reasons, strict=True)
    ]
    move_rows(Attempt, steps, "fail", by=BY, now=now, each={"failure": reasons})


def close(ended: Sequence[Arrived], now: datetime) -> None:
    """Close attempts that the channel has closed: nobody can pay them any more."""
    steps = [RowStep(each.attempt.pk, each.state, None, each.attempt.trade_id) for each in ended]
    move_rows(Attempt, steps, "close", by=BY, now=now)


def capture(arrived: Sequence[Arrived], trades: Mapping[UUID, str], now: datetime) -> None:
    """Pay the trades; money that is too much or too late goes back by itself.

    Args:
        trades: states of the attempts' trades.
    """
    if not arrived:
        return
    payable = {x.attempt.trade_id for x in arrived if trades[x.attempt.trade_id] in (PLACED, CANCELLED)}
    sold = _lock(payable)
    state = dict(trades)
    kept: dict[str, list[Arrived]] = {"pay": [], "revive": []}
    back: dict[UUID, str] = {}
    for each in arrived:
        trade_id = each.attempt.trade_id
        if state[trade_id] == PLACED:
            kept["pay"].append(each)
        elif state[trade_id] == CANCELLED and _take_again(trade_id, sold[trade_id]):
            kept["revive"].append(each)
        else:
            back[each.attempt.pk] = "late" if state[trade_id] == CANCELLED else "duplicate"
            continue
        state[trade_id] = PAID
    take.sell_held(_sum(sold[each.attempt.trade_id].demand for each in kept["pay"]))
    _move_attempts(arrived, back, now)
    for event, those in kept.items():
        _pay(those, event, trades, sold, now)
    paid = [each for those in kept.values() for each in those]
    _tell_kinds(kept, sold, now)
    _count_sales([line for each in paid for line in sold[each.attempt.trade_id].lines])
    bookings = [captured(each.attempt, sold[each.attempt.trade_id].orders) for each in paid]
    post_all(bookings + [unwanted(each.attempt) for each in arrived if each.attempt.pk in back], now=now)
    for attempt_id, reason in back.items():
        _owe(attempt_id, reason, now)


def _lock(trade_ids: set[UUID]) -> dict[UUID, Sold]:
    """Lock orders, then supplies, of all these trades; what each sold."""
    if not trade_ids:
        return {}
    sold = {trade_id: Sold() for trade_id in trade_ids}
    orders = _sql.lock_orders(trade_ids)
    for order in orders:
        sold[order.trade_id].orders.append(order)
    for line in _sql.lines_of(orders):
        part = sold[line.trade_id]
        part.lines.append(line)
        for supply, quantity in line.demand.items():
            part.demand[int(supply)] = part.demand.get(int(supply), 0) + quantity
    take.lock(_sum(part.demand for part in sold.values()))
    return sold


def _sum(demands: Iterable[take.Demand]) -> dict[int, int]:
    total: dict[int, int] = {}
    for demand in demands:
        for supply, quantity in demand.items():
            total[supply] = total.get(supply, 0) + quantity
    return total


def _take_again(trade_id: UUID, sold: Sold) -> bool:
    """Stock and the limit per person once more, both or neither: the buyer may have ordered anew meanwhile."""
    if not take.sell_free(sold.demand):
        return False
    if all(line.limit_per_person is None for line in sold.lines):
        return True
    if not personal.take_again(Trade.objects.get(pk=trade_id), list(Line.objects.filter(order__trade=trade_id))):
        take.free_sold(sold.demand)
        return False
    return True


def _move_attempts(arrived: Sequence[Arrived], back: Mapping[UUID, str], now: datetime) -> None:
    """All are captured; those that pay nothing say why."""
    steps = [
        RowStep(x.attempt.pk, x.state, None, x.attempt.trade_id, because=back.get(x.attempt.pk, "")) for x in arrived
    ]
    each: dict[str, list[Any]] = {
        "channel_ref": [x.result.channel_ref for x in arrived],
        "duplicate": [x.attempt.pk in back for x in arrived],
    }
    move_rows(Attempt, steps, "capture", by=BY, now=now, also={"captured_at": now}, each=each)


def _pay(
    paid: Sequence[Arrived], event: str, trades: Mapping[UUID, str], sold: Mapping[UUID, Sold], now: datetime
) -> None:
    """Move trades and their orders, and start the merchants' clocks."""
    steps = [
        RowStep(a.trade_id, trades[a.trade_id], None, a.trade_id, facts={"gateway": a.gateway, "amount": a.amount})
        for a in (each.attempt for each in paid)
    ]
    move_rows(Trade, steps, event, by=BY, now=now, also={"paid_at": now})
    orders = [order for each in paid for order in sold[each.attempt.trade_id].orders]
    ship_by = [_promised(order, now) for order in orders]
    steps = [
        RowStep(order.pk, order.state, order.merchant_id, order.trade_id, due_at=due)
        for order, due in zip(orders, ship_by, strict=True)
    ]
    move_rows(Order, steps, event, by=BY, now=now, also={"paid_at": now}, each={"ship_by": ship_by})


def _promised(order: _sql.OrderRow, now: datetime) -> datetime:
    """When the merchant must have kept the promise; after that the order is late."""
    if order.kind in KINDS:
        return KINDS[order.kind].promised_by(order.starts_at, order.ends_at, now)
    if order.ship_within_hours is None:
        raise ValueError(f"order {order.pk} does not say when it is shipped")
    return now + timedelta(hours=order.ship_within_hours)


def _tell_kinds(kept: Mapping[str, Sequence[Arrived]], sold: Mapping[UUID, Sold], now: datetime) -> None:
    """What is not goods begins: the kinds hear of it, and each order gets its booking."""
    orders = {
        event: [o for each in those for o in sold[each.attempt.trade_id].orders if o.kind in KINDS]
        for event, those in kept.items()
    }
    for kind, lines in booked_lines(order.pk for order in orders["revive"]).items():
        KINDS[kind].placed(lines, now=now)
    everything = [order for those in orders.values() for order in those]
    if not everything:
        return
    for kind, lines in booked_lines(order.pk for order in everything).items():
        KINDS[kind].paid(lines, now=now)
    begin_bookings(everything, now=now)


def _count_sales(lines: Sequence[_sql.LineRow]) -> None:
    pieces: dict[int, int] = {}
    for line in lines:
        pieces[line.product_id] = pieces.get(line.product_id, 0) + line.quantity
    count_sales(pieces)


def _owe(attempt_id: UUID, reason: str, now: datetime) -> None:
    """Intend the refund of money that pays nothing, in the transaction that books it."""
    attempt = Attempt.objects.get(pk=attempt_id)
    intend_refund(attempt, order=None, amount=attempt.amount, reason=reason, now=now)
