"""The merchant stayed silent: the order is late, and everybody concerned is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wanku.audit.move import By, Step, move_all
from wanku.audit.rules import current
from wanku.flows.fulfilling._due import act_on_due
from wanku.kernel.states import CLOCK
from wanku.orders.models import Order
from wanku.orders.states import FULFILLING, PAID


def late_due(*, now: datetime, limit: int = 100) -> int:
    """Mark orders late whose shipping clock has run out, and remind again at every further clock.

    The first time sets ``late_since``, which stays. Reminders follow after 24 h, 48 h, and then daily for as long as
    nothing is shipped (rule ``late_reminder``); the number of the reminder is in the move, so that the notices can
    go to the merchant first and from the second reminder on to the platform too. A sweeper that was away sends one
    reminder, not all that it missed.

    Returns:
        how many were marked or reminded.
    """
    gap = current()["late_reminder"]
    waiting = Order.objects.filter(state__in=(PAID, FULFILLING))
    return act_on_due(waiting, lambda orders: _mark(orders, gap, now), now=now, limit=limit)


def _mark(orders: Sequence[Order], gap: int, now: datetime) -> None:
    first = [order for order in orders if order.late_since is None]
    for order in first:
        order.late_since = order.ship_by or order.due_at or now
    new = {order.pk for order in first}
    move_all([_step(order, gap, now, first=order.pk in new) for order in orders], "late", by=By(CLOCK), now=now)
    Order.objects.bulk_update(first, ["late_since"])


def _step(order: Order, gap: int, now: datetime, *, first: bool) -> Step:
    since = order.late_since or now
    gaps = int((now - since).total_seconds()) // gap
    reminder = 0 if first else max(1, gaps)
    return Step(
        order,
        due_at=since + timedelta(seconds=gap * (gaps + 1)),
        because="reminder" if reminder else "promise_missed",
        facts={"reminder": reminder, "since": since.isoformat()},
    )
