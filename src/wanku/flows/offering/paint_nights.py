"""Prices, closures and counts over a range of nights, as a calendar is painted."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.flows.offering._house import hold_room
from wanku.flows.offering._nights import write_nights
from wanku.kernel.refusal import refuse_all
from wanku.kinds.stay.open_nights import nights_ahead
from wanku.kinds.stay.rules import Paint, days_of, paint_problems


def paint_nights(room_id: int, paint: Paint, *, actor: Actor, now: datetime) -> int:
    """Change what is special about the nights of a range; what the paint does not name stays.

    A count below what is booked leaves none free and nobody without a room. Stays that are booked keep their price.

    Returns:
        how many nights were meant.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``bad_value`` for each field that is wrong.
    """
    with transaction.atomic():
        room = hold_room(room_id, actor)
        ahead = nights_ahead(room.property, now=now)
        refuse_all(paint_problems(paint, today=ahead[0], last=ahead[-1]))
        days = list(days_of(paint))
        write_nights(room, days, paint, by_id=actor.person_id, now=now)
        record(
            "paint_nights",
            actor_id=actor.person_id,
            merchant_id=room.merchant_id,
            subject_type="product",
            subject_id=room.property_id,
            facts={
                "room": room.name,
                "from": paint.first.isoformat(),
                "to": paint.last.isoformat(),
                "price": paint.price,
                "closed": paint.closed,
                "rooms": paint.rooms,
                "min_nights": paint.min_nights,
            },
            now=now,
        )
    return len(days)
