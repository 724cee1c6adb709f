"""The merchant's people enter how far they are: on the way, begun, done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import By
from wanku.flows.booking._conclude import conclude, use_up
from wanku.flows.booking._hold import Held, hold_at_desk, step
from wanku.flows.booking._proof import keep_proof
from wanku.flows.booking._words import NOT_PART, not_before, true_time
from wanku.fulfilment.booking_states import EARLY
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop

EVENTS: Final = ("depart", "start", "finish")


def advance_booking(
    order_id: UUID,
    event: str,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    pictures: Sequence[UUID] = (),
    happened_at: datetime | None = None,
) -> None:
    """Go on to the next step; with ``finish`` the order is fulfilled and the buyer's receipt clock starts.

    What was not entered in time may be entered later with its true time: that one and the moment of entering both
    stay visible.

    Args:
        event: ``depart``, ``start`` or ``finish``, as far as the kind has it.
        note, pictures: proof, for the steps for which the kind asks for some; pictures of the merchant's own.
        happened_at: when it truly happened; now when none.

    Raises:
        Refusal: ``not_found``, ``sign_in``, ``not_allowed``; ``not_part_of_course``; ``wrong_state``;
            ``booking_too_early``; ``bad_value`` on ``event``, ``happened_at``, ``note`` or ``pictures``;
            ``not_your_picture``.
    """
    if event not in EVENTS:
        raise Refusal(BAD_VALUE, field="event", problem=gettext_noop("Use depart, start or finish."))
    with transaction.atomic():
        held = hold_at_desk(order_id, actor)
        if event not in held.kind.course.acts:
            raise Refusal(NOT_PART, field="event")
        at = true_time(held.booking, happened_at, now=now)
        facts = keep_proof(held, event, note, pictures, at=at, actor=actor, now=now)
        if at != now:
            facts["happened_at"] = at.isoformat()
        _go(held, event, by=actor.as_merchant(), at=at, now=now, facts=facts)


def _go(held: Held, event: str, *, by: By, at: datetime, now: datetime, facts: dict[str, Any]) -> None:
    booking = held.booking
    starts_at = booking.starts_at
    if starts_at is not None:
        not_before(starts_at - EARLY, at)
    if event == "finish":
        conclude(held, event, by=by, at=at, now=now, facts=facts)
        return
    step(held, event, by=by, now=now, facts=facts)
    if event == "start":
        booking.started_at = at
        booking.save(update_fields=["started_at"])
        use_up(held)
