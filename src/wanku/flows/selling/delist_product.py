"""Take a product off sale."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.delist_product import delist_product as take_off
from wanku.catalog.models import Product
from wanku.flows.selling._product import product_to_edit


def delist_product(product_id: int, *, actor: Actor, now: datetime) -> Product:
    """Take a product off sale; its orders and their pages stay.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``wrong_state``.
    """
    with transaction.atomic():
        product = product_to_edit(product_id, actor)
        row = take_off(product, now=now)
        record(
            "delist_product",
            actor_id=actor.person_id,
            subject_type="product",
            subject_id=row.pk,
            merchant_id=row.merchant_id,
            facts={"title": row.title},
            now=now,
        )
    return row
