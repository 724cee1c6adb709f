"""The seasons of a room type."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.flows.offering._house import hold_room
from wanku.kernel.refusal import refuse_all
from wanku.kernel.text import clean
from wanku.kinds.stay.models import Season
from wanku.kinds.stay.rules import SeasonData, season_problems


def set_seasons(room_id: int, seasons: Sequence[SeasonData], *, actor: Actor, now: datetime) -> None:
    """Store the seasons of a room type in place of those that it had. Stays that are booked keep their price.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``bad_value`` for each field that is wrong (``seasons.1.last``).
    """
    with transaction.atomic():
        room = hold_room(room_id, actor)
        refuse_all(season_problems(seasons))
        Season.objects.filter(room=room).delete()
        Season.objects.bulk_create(
            Season(
                room=room,
                merchant_id=room.merchant_id,
                name=clean(season.name),
                first=season.first,
                last=season.last,
                price=season.price,
                weekdays=list(season.weekdays),
                min_nights=season.min_nights,
            )
            for season in seasons
        )
        record(
            "set_seasons",
            actor_id=actor.person_id,
            merchant_id=room.merchant_id,
            subject_type="product",
            subject_id=room.property_id,
            facts={"room": room.name, "seasons": len(seasons)},
            now=now,
        )
