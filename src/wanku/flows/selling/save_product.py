"""Create or change a product from the editor or the API."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.catalog.models import Product, ProductPicture
from wanku.catalog.rules import ProductData
from wanku.files.models import Picture
from wanku.flows.selling._product import write_product, write_stock
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Merchant


def save_product(
    merchant_id: int,
    data: ProductData,
    *,
    product_id: int | None,
    stock: Mapping[str, int],
    low_at: Mapping[str, int],
    actor: Actor,
    now: datetime,
) -> Product:
    """Store a product with its variants, add-ons, pictures and stock; a new one is a draft.

    Args:
        stock: pieces to add (or with a negative number to take out) by SKU. A change, not a level: what was sold while
            the form was open must not come back.
        low_at: thresholds of the low-stock notice by SKU; others keep theirs.

    Raises:
        Refusal: ``not_allowed``; ``not_found`` for another shop's product or picture; ``less_kind``; ``no_stock`` for
            pieces of a kind that counts otherwise; all that
            `wanku.catalog.save_product` and `wanku.inventory.restock` refuse.
    """
    require(actor, Permission.PRODUCTS_EDIT, merchant_id)
    _check_pictures({p.picture_id for p in data.pictures if p.picture_id is not None}, merchant_id, product_id)
    with transaction.atomic():
        merchant = Merchant.objects.get(pk=merchant_id)
        product = None
        if product_id is not None:
            product = Product.objects.select_for_update(no_key=True).filter(pk=product_id, merchant=merchant).first()
            if product is None:
                raise Refusal(NOT_FOUND)
        row = write_product(data, merchant=merchant, product=product, now=now)
        write_stock(row, changes=stock, low_at=low_at, actor=actor, now=now)
        record(
            "save_product",
            actor_id=actor.person_id,
            subject_type="product",
            subject_id=row.pk,
            merchant_id=merchant_id,
            facts={"title": row.title, "new": product is None},
            now=now,
        )
    return row


def _check_pictures(wanted: set[UUID], merchant_id: int, product_id: int | None) -> None:
    """A shop uses its own pictures, and those that hang on the product already, whoever stored them."""
    owned = Picture.objects.filter(pk__in=wanted, owner=f"merchant:{merchant_id}", is_public=True)
    hung = ProductPicture.objects.filter(
        picture_id__in=wanted, product_id=product_id or 0, product__merchant_id=merchant_id
    )
    if wanted - set(owned.values_list("pk", flat=True)) - set(hung.values_list("picture_id", flat=True)):
        raise Refusal(NOT_FOUND, field="pictures")
