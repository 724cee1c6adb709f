"""Where a shop comes to."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import refuse_all
from wanku.kernel.text import clean
from wanku.kinds.visit.models import Area
from wanku.kinds.visit.rules import AreaData, area_problems
from wanku.merchants.models import Merchant


def set_areas(merchant_id: int, areas: Sequence[AreaData], *, actor: Actor, now: datetime) -> None:
    """Put these places and fees for those that were; without any the shop comes everywhere for nothing.

    Raises:
        Refusal: ``not_allowed``; ``bad_value`` by row.
    """
    require(actor, Permission.PRODUCTS_EDIT, merchant_id)
    refuse_all(area_problems(areas))
    with transaction.atomic():
        # The merchant's row is the queue, so that two lists never mix.
        Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        Area.objects.filter(merchant_id=merchant_id).delete()
        Area.objects.bulk_create(
            Area(merchant_id=merchant_id, city=clean(a.city), district=clean(a.district), fee=a.fee) for a in areas
        )
        record(
            "set_areas",
            actor_id=actor.person_id,
            merchant_id=merchant_id,
            subject_type="merchant",
            subject_id=merchant_id,
            facts={"places": len(areas)},
            now=now,
        )
