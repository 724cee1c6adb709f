"""A shop calls a departure off: nothing more is sold, and everybody gets everything back."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.audit.move import move
from wanku.audit.reason import reason
from wanku.flows.offering._departures import departure_at_desk, lock_departure, note_act
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.passages import empty, sold_on


def cancel_departure(departure_id: int, *, because: str, actor: Actor, now: datetime) -> Departure:
    """Call off a departure that has not left.

    Its bookings are cancelled with full refunds by `clear_departures`, within seconds and one by one; what is paid for
    it later is paid back in the same way.

    Args:
        because: the reason, which the travellers read.

    Raises:
        Refusal: ``bad_value`` without a reason; ``not_found``, ``not_allowed``; ``wrong_state``.
    """
    departure_at_desk(departure_id, Permission.PRODUCTS_EDIT, actor)
    because = reason(because)
    with transaction.atomic():
        row = lock_departure(departure_id, now=now)
        sold = sold_on(row.pk)
        move(row, "cancel", by=actor.as_merchant(), now=now, because="departure_cancelled", facts={"seats": sold})
        row.cancelled_because = because
        row.save(update_fields=["cancelled_because"])
        empty(row.pk, because="departure_cancelled", by_id=actor.person_id, now=now)
        note_act("cancel_departure", row, actor=actor, now=now, because=because, seats=sold)
    return row
