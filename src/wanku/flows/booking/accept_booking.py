"""The merchant takes a booking."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import move
from wanku.flows.booking._hold import hold_at_desk, step
from wanku.flows.booking._words import true_time


def accept_booking(order_id: UUID, *, actor: Actor, now: datetime, happened_at: datetime | None = None) -> None:
    """Promise to keep it. The order is being fulfilled, and the clock of its promise runs on.

    Args:
        happened_at: when the buyer was truly told, if that was earlier; both times stay visible.

    Raises:
        Refusal: ``not_found``, ``sign_in``, ``not_allowed``; ``wrong_state`` unless it waits to be accepted;
            ``bad_value`` on ``happened_at``.
    """
    with transaction.atomic():
        held = hold_at_desk(order_id, actor)
        at = true_time(held.booking, happened_at, now=now)
        by = actor.as_merchant()
        step(held, "accept", by=by, now=now, facts={"happened_at": at.isoformat()} if at != now else {})
        held.booking.accepted_at = at
        held.booking.save(update_fields=["accepted_at"])
        facts = {"booking": str(held.booking.pk)}
        move(held.order, "start", by=by, now=now, due_at=held.order.due_at, facts=facts)
