"""The merchant stayed silent: the order is late, and everybody concerned is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from wanku.audit.move import By, RowStep, move_rows
from wanku.audit.rules import current
from wanku.flows.fulfilling._due import act_on_due
from wanku.kernel.states import CLOCK
from wanku.orders.models import Order
from wanku.orders.states import FULFILLING, PAID


class Waiting(NamedTuple):
    """A locked order that has not been shipped in time."""

    pk: UUID
    state: str
    trade_id: UUID
    merchant_id: int
    due_at: datetime
    ship_by: datetime | None
    late_since: datetime | None


def late_due(*, now: datetime, limit: int = 500) -> int:
    """Mark orders late whose shipping clock has run out, and remind again at every further clock.

    The first time sets ``late_since``, which stays. Reminders follow after 24 h, 48 h, and then daily for as long as
    nothing is shipped (rule ``late_reminder``); the number of the reminder is in the move, so that the notices can
    go to the merchant first and from the second reminder on to the platform too. A sweeper that was away sends one
    reminder, not all that it missed.

    Returns:
        how many were marked or reminded.
    """
    gap = current()["late_reminder"]
    due = Order.objects.filter(state__in=(PAID, FULFILLING), due_at__lte=now)
    return act_on_due(due, Waiting, lambda orders: _mark(orders, gap, now), now=now, limit=limit)


def _mark(orders: Sequence[Waiting], gap: int, now: datetime) -> None:
    since = [order.late_since or order.ship_by or order.due_at for order in orders]
    steps = [_step(order, start, gap, now) for order, start in zip(orders, since, strict=True)]
    move_rows(Order, steps, "late", by=By(CLOCK), now=now, each={"late_since": since})


def _step(order: Waiting, since: datetime, gap: int, now: datetime) -> RowStep:
    gaps = int((now - since).total_seconds()) // gap
    reminder = 0 if order.late_since is None else max(1, gaps)
    return RowStep(
        order.pk,
        order.state,
        order.merchant_id,
        order.trade_id,
        due_at=since + timedelta(seconds=gap * (gaps + 1)),
        because="reminder" if reminder else "promise_missed",
        facts={"reminder": reminder, "since": since.isoformat()},
    )
