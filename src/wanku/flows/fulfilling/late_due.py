"""The merchant stayed silent: the order is late, and everybody concerned is told."""

from datetime import datetime, timedelta

from wanku.audit.move import By, move
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
    return act_on_due(waiting, lambda order: _mark(order, gap, now), now=now, limit=limit)


def _mark(order: Order, gap: int, now: datetime) -> None:
    first = order.late_since is None
    late_since = order.late_since or order.ship_by or order.due_at or now
    reminder = 0 if first else max(1, int((now - late_since).total_seconds()) // gap)
    next_at = late_since + timedelta(seconds=gap * (int((now - late_since).total_seconds()) // gap + 1))
    move(
        order,
        "late",
        by=By(CLOCK),
        now=now,
        due_at=next_at,
        because="reminder" if reminder else "promise_missed",
        facts={"reminder": reminder, "since": late_since.isoformat()},
    )
    if first:
        order.late_since = late_since
        order.save(update_fields=["late_since"])
