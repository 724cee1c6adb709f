"""Taking a product off."""

from datetime import datetime

from wanku.catalog.models import Product, ProductState, Variant
from wanku.kernel.refusal import WRONG_STATE, Refusal


def delist_product(product: Product, *, now: datetime) -> Product:
    """Take a product off sale; orders and their pages stay. Inside the caller's transaction.

    Raises:
        Refusal: ``wrong_state`` for a removed product.
    """
    return _leave(product, ProductState.OFF, now)


def remove_product(product: Product, *, now: datetime) -> Product:
    """Hide a product for good, from its own desk too; rows that orders point at stay.

    Its address and its SKUs become free again, so that the shop may sell the same thing anew.
    """
    row = _leave(product, ProductState.REMOVED, now)
    row.slug = f"{row.slug[:50]}~{row.pk}"
    row.save(update_fields=["slug"])
    variants = list(row.variants.select_for_update(no_key=True))
    for variant in variants:
        variant.sku, variant.is_active = f"{variant.sku[:35]}~{variant.pk}", False
    Variant.objects.bulk_update(variants, ["sku", "is_active"])
    return row


def _leave(product: Product, state: ProductState, now: datetime) -> Product:
    row = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if row.state == ProductState.REMOVED:
        raise Refusal(WRONG_STATE, state=row.get_state_display())
    row.state = state
    row.updated_at = now
    row.save(update_fields=["state", "updated_at"])
    return row
