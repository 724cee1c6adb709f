"""Nobody came."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.booking._conclude import conclude
from wanku.flows.booking._hold import hold_at_desk
from wanku.flows.booking._proof import keep_proof
from wanku.flows.booking._words import NOT_PART, not_before
from wanku.kernel.refusal import Refusal


def mark_no_show(order_id: UUID, *, actor: Actor, now: datetime, note: str = "", pictures: Sequence[UUID] = ()) -> None:
    """Enter that the buyer did not come. The merchant kept the promise: the order is fulfilled, nothing goes back.

    Args:
        note, pictures: proof, as in `advance_booking`.

    Raises:
        Refusal: ``not_found``, ``sign_in``, ``not_allowed``; ``not_part_of_course`` for kinds without it;
            ``booking_too_early`` before the time that was booked; ``wrong_state`` once it was begun; those of proof.
    """
    with transaction.atomic():
        held = hold_at_desk(order_id, actor)
        if "no_show" not in held.kind.course.acts:
            raise Refusal(NOT_PART)
        not_before(held.booking.starts_at, now)
        facts = keep_proof(held, "no_show", note, pictures, at=now, actor=actor, now=now)
        conclude(held, "no_show", by=actor.as_merchant(), at=now, now=now, facts=facts)
