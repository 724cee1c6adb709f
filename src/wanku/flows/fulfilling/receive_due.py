"""The buyer stayed silent: receipt happens by itself."""

from datetime import datetime

from wanku.audit.move import By
from wanku.flows.fulfilling._complete import Completing, complete
from wanku.flows.fulfilling._due import act_on_due
from wanku.kernel.states import CLOCK
from wanku.orders.models import Order
from wanku.orders.states import FULFILLED


def receive_due(*, now: datetime, limit: int = 500) -> int:
    """Complete fulfilled orders whose receipt clock has run out; their after-sales windows open.

    Any number of sweepers may run at once.

    Returns:
        how many were completed.
    """
    due = Order.objects.filter(state=FULFILLED, due_at__lte=now)
    return act_on_due(
        due, Completing, lambda orders: complete(orders, "receive", by=By(CLOCK), now=now), now=now, limit=limit
    )
