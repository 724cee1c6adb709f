"""Where a kitchen delivers to."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.flows.offering._kitchen import hold_kitchen
from wanku.kernel.refusal import refuse_all
from wanku.kernel.text import clean
from wanku.kinds.meal.models import Zone
from wanku.kinds.meal.rules import ZoneData, check_zones
from wanku.people.provinces import PROVINCES


def set_delivery_zones(merchant_id: int, zones: Sequence[ZoneData], *, actor: Actor, now: datetime) -> None:
    """Replace the zones, in the order given. Orders that were placed keep their fee.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``, ``no_menu``; ``bad_value`` for each field that is wrong.
    """
    tidy = [
        replace(
            zone,
            name=clean(zone.name),
            city=clean(zone.city),
            districts=tuple(dict.fromkeys(name for each in zone.districts if (name := clean(each)))),
        )
        for zone in zones
    ]
    with transaction.atomic():
        hold_kitchen(merchant_id, actor)
        refuse_all(list(check_zones(tidy, frozenset(PROVINCES))))
        Zone.objects.filter(merchant=merchant_id).delete()
        Zone.objects.bulk_create(
            Zone(merchant_id=merchant_id, position=place, **{**asdict(zone), "districts": list(zone.districts)})
            for place, zone in enumerate(tidy)
        )
        record(
            "set_delivery_zones",
            actor_id=actor.person_id,
            subject_type="kitchen",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            facts={"zones": [zone.name for zone in tidy]},
            now=now,
        )
