"""Offering a product to the public."""

from datetime import datetime

from wanku.catalog.models import Product, ProductState
from wanku.kernel.refusal import WRONG_STATE, Code, Refusal, gettext_noop

NOTHING_TO_SELL = Code("nothing_to_sell", gettext_noop("Add at least one variant with a price first."), 409)


def list_product(product: Product, *, now: datetime) -> Product:
    """Put a draft, or what was taken off, on sale; once more is harmless. Inside the caller's transaction.

    Raises:
        Refusal: ``wrong_state`` for a removed product, ``nothing_to_sell`` without an active variant.
    """
    row = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if row.state == ProductState.REMOVED:
        raise Refusal(WRONG_STATE, state=row.get_state_display())
    if not row.variants.filter(is_active=True).exists():
        raise Refusal(NOTHING_TO_SELL, field="variants")
    if row.state != ProductState.ON_SALE:
        row.state = ProductState.ON_SALE
        row.listed_at = row.listed_at or now
        row.updated_at = now
        row.save(update_fields=["state", "listed_at", "updated_at"])
    return row
