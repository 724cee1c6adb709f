"""Offer a product to buyers."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.list_product import list_product as offer
from wanku.catalog.models import Product
from wanku.flows.selling._product import check_standing, product_to_edit


def list_product(product_id: int, *, actor: Actor, now: datetime) -> Product:
    """Put a product on sale; once more is harmless.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``wrong_state``; ``nothing_to_sell``; ``standing_forbids``.
    """
    with transaction.atomic():
        product = product_to_edit(product_id, actor)
        check_standing(product.merchant)
        row = offer(product, now=now)
        record(
            "list_product",
            actor_id=actor.person_id,
            subject_type="product",
            subject_id=row.pk,
            merchant_id=row.merchant_id,
            facts={"title": row.title},
            now=now,
        )
    return row
