"""Change the stock of one variant."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.catalog.models import Product, Variant
from wanku.flows.selling._product import check_counted, check_stocked
from wanku.inventory.ensure import ensure_supplies
from wanku.inventory.models import Supply
from wanku.inventory.restock import restock
from wanku.kernel.refusal import NOT_FOUND, Refusal


def restock_variant(variant_id: int, change: int, *, because: str, actor: Actor, now: datetime) -> Supply:
    """Add pieces, or take free ones out with a negative number; the stock log keeps who and why.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``bad_value``; ``stock_held`` when fewer pieces are free;
            ``stock_counted`` where the kind counts them, ``no_stock`` where it does not take from them.
    """
    with transaction.atomic():
        variant = (
            Variant.objects.filter(pk=variant_id, product__in=Product.objects.visible_to(actor))
            .filter(merchant_id__in=list(actor.seats))
            .select_related("merchant", "product")
            .first()
        )
        if variant is None:
            raise Refusal(NOT_FOUND)
        require(actor, Permission.PRODUCTS_EDIT, variant.merchant_id)
        check_stocked(variant.product)
        check_counted(variant.product, [variant])
        ensure_supplies([variant])
        return restock(variant.supply_key, change, because=because, by_id=actor.person_id, now=now)
