"""Set when a variant counts as running low."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.catalog.models import Product, Variant
from wanku.flows.selling._product import check_stocked
from wanku.inventory.ensure import ensure_supplies
from wanku.inventory.set_low import set_low
from wanku.kernel.refusal import NOT_FOUND, Refusal


def set_low_stock(variant_id: int, level: int, *, actor: Actor, now: datetime) -> None:
    """Tell the desk when no more than ``level`` pieces are free.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``bad_value`` outside 0 to 100,000; ``no_stock`` for a kind without.
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
        ensure_supplies([variant])
        set_low({variant.supply_key: level}, now=now)
