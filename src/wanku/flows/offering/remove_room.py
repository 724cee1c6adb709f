"""A room type is no longer offered."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.flows.offering._house import hold_room
from wanku.flows.offering._room_variants import offer_rooms


def remove_room(room_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a room type off sale. Stays that are booked in it remain booked.

    Raises:
        Refusal: ``not_found``, ``not_allowed``.
    """
    with transaction.atomic():
        room = hold_room(room_id, actor)
        room.is_active = False
        room.save(update_fields=["is_active"])
        offer_rooms(room.property.product, now=now)
        record(
            "remove_room",
            actor_id=actor.person_id,
            merchant_id=room.merchant_id,
            subject_type="product",
            subject_id=room.property_id,
            facts={"room": room.name},
            now=now,
        )
