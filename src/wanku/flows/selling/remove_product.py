"""Remove a product from a shop for good."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.delist_product import remove_product as hide
from wanku.catalog.models import Product
from wanku.flows.selling._product import product_to_edit


def remove_product(product_id: int, *, actor: Actor, now: datetime) -> Product:
    """Hide a product for good; orders that point at it keep what they froze.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``wrong_state``.
    """
    with transaction.atomic():
        product = product_to_edit(product_id, actor)
        row = hide(product, now=now)
        record(
            "remove_product",
            actor_id=actor.person_id,
            subject_type="product",
            subject_id=row.pk,
            merchant_id=row.merchant_id,
            facts={"title": row.title},
            now=now,
        )
    return row
