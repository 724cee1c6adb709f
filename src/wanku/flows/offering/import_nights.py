"""Prices, closures and counts of many nights from a table."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.flows.offering._house import hold_house
from wanku.flows.offering._nights import read_nights, write_nights
from wanku.flows.offering._sheet import FAULTY
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.models import RoomType
from wanku.kinds.stay.open_nights import nights_ahead
from wanku.kinds.stay.rules import Paint


def import_nights(house_id: int, content: bytes, *, actor: Actor, now: datetime) -> int:
    """Take a table over, all of it or nothing. Stays that are booked keep their price.

    Returns:
        how many nights changed.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; those of the file; ``faulty_rows``.
    """
    with transaction.atomic():
        house = hold_house(house_id, actor)
        ahead = nights_ahead(house, now=now)
        lines = read_nights(content, list(house.room_types.filter(is_active=True)), today=ahead[0], last=ahead[-1])
        faulty = sum(line.fault is not None for line in lines)
        if faulty:
            raise Refusal(FAULTY, field="file", rows=faulty)
        # Nights that become alike are written together.
        alike: dict[tuple[RoomType, Paint], list[date]] = {}
        for line in lines:
            if line.room is not None and line.paint is not None:
                same = replace(line.paint, first=ahead[0], last=ahead[-1])
                alike.setdefault((line.room, same), []).append(line.paint.first)
        for (room, paint), days in alike.items():
            write_nights(room, sorted(days), paint, by_id=actor.person_id, now=now)
        record(
            "import_nights",
            actor_id=actor.person_id,
            merchant_id=house.merchant_id,
            subject_type="product",
            subject_id=house.pk,
            facts={"nights": len(lines)},
            now=now,
        )
    return len(lines)
