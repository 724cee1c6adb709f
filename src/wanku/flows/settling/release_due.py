"""Windows that close: what is held for their orders becomes the merchants'."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wanku.audit.move import By, RowStep, move_rows
from wanku.audit.rules import due
from wanku.flows.fulfilling._due import act_on_due
from wanku.flows.settling.release_order import release_orders
from wanku.kernel.states import CLOCK
from wanku.ledger.order_money import money_of
from wanku.orders.models import Order
from wanku.settlement.models import Window
from wanku.settlement.states import OPEN


class Closing(NamedTuple):
    """A locked window that is due."""

    pk: UUID
    state: str
    order_id: UUID
    trade_id: UUID
    merchant_id: int


def release_due(*, now: datetime, limit: int = 500) -> int:
    """Release the money of orders whose after-sales window has closed; a second call finds nothing due.

    While a part of an order's money is frozen, all of it waits and is looked at again (rule ``settle_recheck``). Of an
    order that was refunded whole nothing is left, and its window just ends. Any number of sweepers may run at once.

    Returns:
        how many windows were looked at.
    """
    due_windows = Window.objects.filter(state=OPEN, due_at__lte=now)
    return act_on_due(due_windows, Closing, lambda windows: _close(windows, now), now=now, limit=limit)


def _close(windows: Sequence[Closing], now: datetime) -> None:
    # With the orders' locks no refund or freeze of them is under way, so what is read still stands when it is booked.
    orders = Order.objects.select_for_update(no_key=True).filter(pk__in=[window.order_id for window in windows])
    by_id = {order.pk: order for order in orders.order_by("pk")}
    money = money_of(list(by_id))
    held = [window for window in windows if money[window.order_id].frozen > 0]
    empty = [w for w in windows if money[w.order_id].frozen <= 0 and money[w.order_id].held <= 0]
    ready = [w for w in windows if money[w.order_id].frozen <= 0 and money[w.order_id].held > 0]
    again, by = due("settle_recheck", now), By(CLOCK)
    steps = [_step(window)._replace(due_at=again, because="frozen") for window in held]
    move_rows(Window, steps, "hold", by=by, now=now)
    move_rows(Window, [_step(window) for window in empty], "empty", by=by, now=now, also={"closed_at": now})
    move_rows(Window, [_step(window) for window in ready], "release", by=by, now=now, also={"closed_at": now})
    release_orders([by_id[window.order_id] for window in ready], now=now)


def _step(window: Closing) -> RowStep:
    return RowStep(window.pk, window.state, window.merchant_id, window.trade_id)
