"""Take a product off sale."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.catalog.delist_product import delist_product as take_off
from wanku.catalog.models import Product
from wanku.kernel.refusal import NOT_FOUND, Refusal


def delist_product(product_id: int, *, actor: Actor, now: datetime) -> Product:
    """Take a product off sale; its orders and their pages stay.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``wrong_state``.
    """
    with transaction.atomic():
        product = (
            Product.objects.visible_to(actor)
            .filter(merchant_id__in=list(actor.seats))
            .select_related("merchant")
            .filter(pk=product_id)
            .first()
        )
        if product is None:
            raise Refusal(NOT_FOUND)
        require(actor, Permission.PRODUCTS_EDIT, product.merchant_id)
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
