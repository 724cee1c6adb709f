"""How a kitchen works: how much, how fast, how far ahead, and in which ways."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.flows.offering._kitchen import open_days
from wanku.inventory.open_counters import level_counters
from wanku.kernel.refusal import refuse_all
from wanku.kinds.meal.counters import quarter_levels
from wanku.kinds.meal.load import load_kitchens
from wanku.kinds.meal.models import Kitchen
from wanku.kinds.meal.rules import KitchenData, check_kitchen
from wanku.merchants.models import Merchant


def save_kitchen(merchant_id: int, data: KitchenData, *, actor: Actor, now: datetime) -> Kitchen:
    """Set up a shop's kitchen, or change how it works. A new capacity counts for every quarter from now on.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; ``bad_value`` for each field that is wrong.
    """
    require(actor, Permission.PRODUCTS_EDIT, merchant_id)
    refuse_all(list(check_kitchen(data)))
    with transaction.atomic():
        # The merchant's row is the queue where there is no kitchen yet.
        Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        before = Kitchen.objects.select_for_update(no_key=True).filter(pk=merchant_id).first()
        kitchen, _ = Kitchen.objects.update_or_create(
            merchant_id=merchant_id, defaults={**asdict(data), "opened_on": now.date()}
        )
        if before is not None and before.capacity != data.capacity:
            levels = quarter_levels(load_kitchens([merchant_id])[merchant_id], now=now)
            level_counters(merchant_id, levels, because="capacity", by_id=actor.person_id, now=now)
        open_days(kitchen, by_id=actor.person_id, now=now)
        record(
            "save_kitchen",
            actor_id=actor.person_id,
            subject_type="kitchen",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            facts=asdict(data),
            now=now,
        )
    return kitchen
