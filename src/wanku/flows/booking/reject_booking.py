"""The merchant cannot take a booking."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.booking._hold import hold_at_desk
from wanku.flows.booking._undo import undo
from wanku.flows.booking._words import reason


def reject_booking(order_id: UUID, *, because: str, actor: Actor, now: datetime) -> None:
    """Decline it: everything is paid back, what was booked is free again, and the order is closed.

    Args:
        because: why, in words; the buyer reads it.

    Raises:
        Refusal: ``not_found``, ``sign_in``, ``not_allowed``; ``bad_value`` on ``because``; ``wrong_state`` unless it
            waits to be accepted; ``too_many_refunds``.
    """
    text = reason(because)
    with transaction.atomic():
        held = hold_at_desk(order_id, actor, with_trade=True)
        undo(held, "reject", by=actor.as_merchant(), now=now, because="rejected", note=text)
