"""Taking a product off."""

from datetime import datetime

from wanku.catalog.models import Product, ProductState
from wanku.kernel.refusal import WRONG_STATE, Refusal


def delist_product(product: Product, *, now: datetime) -> Product:
    """Take a product off sale; orders and their pages stay. Inside the caller's transaction.

    Raises:
        Refusal: ``wrong_state`` for a removed product.
    """
    return _leave(product, ProductState.OFF, now)


def remove_product(product: Product, *, now: datetime) -> Product:
    """Hide a product for good, from its own desk too; rows that orders point at stay."""
    return _leave(product, ProductState.REMOVED, now)


def _leave(product: Product, state: ProductState, now: datetime) -> Product:
    row = Product.objects.select_for_update().get(pk=product.pk)
    if row.state == ProductState.REMOVED:
        raise Refusal(WRONG_STATE, state=row.get_state_display())
    row.state = state
    row.updated_at = now
    row.save(update_fields=["state", "updated_at"])
    return row
