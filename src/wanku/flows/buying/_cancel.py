"""Taking an unpaid trade back; the caller holds the lock of the trade."""

from datetime import datetime

from wanku.audit.move import By, move
from wanku.inventory import take
from wanku.orders import personal
from wanku.orders.demand import demand_of
from wanku.orders.models import Line, Order, Trade


def cancel_unpaid(trade: Trade, event: str, *, by: By, now: datetime, because: str = "") -> None:
    """Move the trade and its orders, set the supplies free, and give the pieces of limited products back."""
    orders = list(Order.objects.select_for_update(no_key=True).filter(trade=trade).order_by("pk"))
    lines = list(Line.objects.filter(order__in=orders))
    demand = demand_of(lines)
    take.lock(demand)
    take.free_held(demand)
    personal.lower(trade, lines)
    move(trade, event, by=by, now=now, because=because)
    for order in orders:
        move(order, event, by=by, now=now, because=because)
