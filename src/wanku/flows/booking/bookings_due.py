"""Silence about a booking: what its kind says happens when a clock has run out."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wanku.audit.move import By
from wanku.flows.booking._conclude import conclude
from wanku.flows.booking._hold import hold
from wanku.flows.booking._undo import undo
from wanku.flows.fulfilling._due import act_on_due
from wanku.fulfilment.booking_states import OPEN
from wanku.fulfilment.models import Booking
from wanku.kernel.states import CLOCK
from wanku.orders.models import Order


class Due(NamedTuple):
    """A booking whose clock has run out, locked together with its order and its trade."""

    pk: UUID
    order__state: str
    order__trade__state: str
    order_id: UUID


def bookings_due(*, now: datetime, limit: int = 100) -> int:
    """Act for those who stayed silent: not accepted or missed by the merchant means everything goes back; a buyer who
    did not come, or a service that nobody spoke of again, counts as kept.

    Each in a transaction of its own, since money and supplies of many would have to be locked together else. Any
    number of sweepers may run at once: what another one holds is passed over.

    Returns:
        how many were acted on.
    """
    # The columns of order and trade are read so that their rows are locked by the same statement, without waiting.
    due = Booking.objects.filter(state__in=OPEN, due_at__lte=now)
    for count in range(limit):
        if not act_on_due(due, Due, lambda rows: _end(rows, now), now=now, limit=1):
            return count
    return limit


def _end(rows: Sequence[Due], now: datetime) -> None:
    for row in rows:
        held = hold(Order.objects.get(pk=row.order_id), with_trade=True)
        silence = held.kind.course.silence[held.booking.state]
        by = By(CLOCK)
        if silence.event in ("lapse", "miss"):
            undo(held, silence.event, by=by, now=now, because="not_accepted" if silence.event == "lapse" else "missed")
        else:
            conclude(held, silence.event, by=by, at=now, now=now, because="silence")
