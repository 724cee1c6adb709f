"""Remove a product from a shop for good."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.catalog.delist_product import remove_product as hide
from wanku.catalog.models import Product
from wanku.kernel.refusal import NOT_FOUND, Refusal


def remove_product(product_id: int, *, actor: Actor, now: datetime) -> Product:
    """Hide a product for good; orders that point at it keep what they froze.

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
