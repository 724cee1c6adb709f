"""The clocks that an order was sold under."""

from datetime import datetime, timedelta

from wanku.audit.rules import current
from wanku.orders.models import Order


def seconds_of(order: Order, name: str) -> int:
    """Length of a clock in seconds: as frozen with the order, or today's rule for a clock that is not frozen."""
    frozen = order.terms.get("clocks", {}).get(name)
    return int(frozen) if frozen is not None else current()[name]


def due_for(order: Order, name: str, start: datetime) -> datetime:
    """When the clock ``name`` of this order runs out, started at ``start``."""
    return start + timedelta(seconds=seconds_of(order, name))
