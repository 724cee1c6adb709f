"""A dish is sold out today, or there again: one tap in the kitchen."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.audit.record import record
from wanku.flows.offering._kitchen import hold_kitchen
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.meal.load import load_kitchens
from wanku.kinds.meal.models import Dish
from wanku.kinds.meal.slots import day_sold


def switch_dish(merchant_id: int, product_id: int, *, on: bool, actor: Actor, now: datetime) -> Dish:
    """Say that a dish is sold out, or take that back. The day after what is ordered now it is there by itself.

    What was ordered stands. Who fulfils orders may do this.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``, ``no_menu``, ``not_found``.
    """
    with transaction.atomic():
        hold_kitchen(merchant_id, actor, Permission.ORDERS_FULFIL)
        dish = Dish.objects.select_for_update(no_key=True).filter(pk=product_id, merchant=merchant_id).first()
        if dish is None:
            raise Refusal(NOT_FOUND)
        day = day_sold(load_kitchens([merchant_id])[merchant_id], now)
        dish.off_on = None if on else day
        dish.save(update_fields=["off_on"])
        record(
            "switch_dish",
            actor_id=actor.person_id,
            subject_type="product",
            subject_id=dish.pk,
            merchant_id=merchant_id,
            facts={"on": on, "day": day.isoformat()},
            now=now,
        )
    return dish
