"""A shop goes even with a small group."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.flows.offering._departures import departure_at_desk, lock_departure, note_act
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.passages import confirm


def confirm_departure(departure_id: int, *, actor: Actor, now: datetime) -> Departure:
    """Promise now that a departure goes, whatever its minimum group was; it cannot be taken back but by cancelling.

    Raises:
        Refusal: ``not_found``, ``not_allowed``; ``wrong_state`` unless it still waits for its group.
    """
    departure_at_desk(departure_id, Permission.PRODUCTS_EDIT, actor)
    with transaction.atomic():
        row = lock_departure(departure_id, now=now)
        confirm(row, by=actor.as_merchant(), now=now)
        note_act("confirm_departure", row, actor=actor, now=now)
    return row
