"""Taking an unpaid trade back; the caller holds the lock of the trade."""

from datetime import datetime

from wanku.audit.move import By, move
from wanku.inventory import take
from wanku.orders.demand import demand_of
from wanku.orders.models import Line, Order, Trade


def cancel_unpaid(trade: Trade, event: str, *, by: By, now: datetime, because: str = "") -> None:
    """Move the trade and its orders and set the supplies free."""
    orders = list(Order.objects.select_for_update(no_key=True).filter(trade=trade).order_by("pk"))
    demand = demand_of(Line.objects.filter(order__in=orders))
    take.lock(demand)
    take.free_held(demand)
    move(trade, event, by=by, now=now, because=because)
    for order in orders:
        move(order, event, by=by, now=now, because=because)
