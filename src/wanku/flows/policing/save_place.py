"""Destinations change."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import BAD_VALUE, Refusal
from wanku.kinds.stay.models import Place
from wanku.kinds.stay.write_place import TAKEN, PlaceData, write_place


def save_place(data: PlaceData, *, place_id: int | None = None, actor: Actor, now: datetime) -> Place:
    """Add a destination, or rename, hide or show one.

    Args:
        place_id: the destination to change, or none to add one.

    Raises:
        Refusal: ``bad_value`` naming the field, ``not_found``, ``not_allowed``.
    """
    require(actor, Permission.PLACES_EDIT)
    try:
        with transaction.atomic():
            place, changed = write_place(data, place_id)
            record(
                "change_place" if place_id else "add_place",
                actor_id=actor.person_id,
                subject_type="place",
                subject_id=place.pk,
                facts=changed,
                now=now,
            )
    except IntegrityError:
        # A shop typed the same name this very moment; shops add places without the editors' lock.
        raise Refusal(BAD_VALUE, field="name", problem=TAKEN) from None
    return place
