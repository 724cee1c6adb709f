"""Products of a shop as the rows of a table, and back."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch

from wanku.catalog.models import AddOn, Product, ProductPicture, ProductState, Variant
from wanku.catalog.rules import AddOnData, OptionData, PictureData, ProductData, VariantData
from wanku.catalog.sheets.products import SheetProduct, SheetVariant
from wanku.files.queries import picture_url
from wanku.inventory.models import Supply
from wanku.kinds.registry import by_sku

# Our own address of a stored picture, on whatever host it was exported.
OWN_PICTURE = re.compile(r"/p/[0-9a-f]{2}/([0-9a-f]{32})-\d+\.webp$")
PLAIN = ("title", "subtitle", "brand", "description", "state", "ship_within_hours", "arrives_days_min")
PLAIN_TOO = ("arrives_days_max", "return_rule", "return_days", "limit_per_order", "limit_per_person")


def load_sheet(merchant_id: int, *, handles: Iterable[str] | None = None) -> dict[str, tuple[Product, SheetProduct]]:
    """What a shop has, by handle, newest last; six queries.

    Args:
        handles: only these; all when none.
    """
    products = Product.objects.filter(merchant_id=merchant_id).exclude(state=ProductState.REMOVED)
    if handles is not None:
        products = products.filter(slug__in=list(handles))
    rows = list(
        products.select_related("category")
        .prefetch_related(
            Prefetch("variants", Variant.objects.filter(is_active=True)),
            Prefetch("add_ons", AddOn.objects.filter(is_active=True)),
            "pictures",
        )
        .order_by("pk")
    )
    keys = [v.supply_key for row in rows for v in row.variants.all()]
    supplies = {s.key: s for s in Supply.objects.filter(key__in=keys)}
    return {row.slug: (row, sheet_of(row, supplies)) for row in rows}


def sheet_of(product: Product, supplies: Mapping[str, Supply]) -> SheetProduct:
    """One product with everything that the table has columns for."""
    fields: dict[str, Any] = {name: getattr(product, name) for name in (*PLAIN, *PLAIN_TOO)}
    fields |= {
        "category": product.category.path,
        "waiting_room": "yes" if product.waiting_room else "no",
        "parameters": tuple((p["name"], p["value"]) for p in product.parameters),
        "add_ons": tuple((a.name, a.price) for a in product.add_ons.all()),
        "pictures": tuple((address_of(p), p.alt) for p in product.pictures.all()),
    }
    variants = []
    for variant in product.variants.all():
        supply = supplies.get(variant.supply_key)
        told = {name: getattr(variant, name) for name in ("price", "list_price", "weight_g", "barcode")}
        if by_sku(product.kind):
            told |= {"stock": supply.free if supply else 0, "low_stock_at": supply.low_at if supply else None}
        variants.append(SheetVariant(0, variant.sku, tuple(variant.values), told))
    names = tuple(option["name"] for option in product.options)
    return SheetProduct(0, product.slug, names, tuple(variants), fields)


def address_of(picture: ProductPicture) -> str:
    """The picture's address as a table has it: ours when it is stored, else the one it came from."""
    if picture.picture_id is None:
        return picture.source
    return f"{settings.PUBLIC_URL.rstrip('/')}{picture_url(picture.picture_id, 960)}"


def known_pictures(product: Product | None) -> dict[str, ProductPicture]:
    """The pictures of a product by every address that they go by."""
    found: dict[str, ProductPicture] = {}
    for row in product.pictures.all() if product is not None else ():
        found |= {address: row for address in (address_of(row), row.source) if address}
    return found


def picture_id_in(address: str) -> UUID | None:
    """Which stored picture an address of ours names."""
    match = OWN_PICTURE.search(address)
    return UUID(match[1]) if match else None


def data_of(told: SheetProduct, *, category_id: int, product: Product | None, owned: Mapping[UUID, str]) -> ProductData:
    """The table's product as the catalogue takes it.

    Args:
        owned: stored pictures that the shop may use, with their address.
    """
    fields = told.fields
    shown = known_pictures(product)
    skus = {v.pk: v.sku for v in product.variants.all()} if product is not None else {}
    kept = {v.sku for v in told.variants}
    pictures = []
    for address, alt in fields.get("pictures", ()):
        row, stored = shown.get(address), picture_id_in(address)
        sku = skus.get(row.variant_id or 0, "") if row is not None else ""
        picture_id = row.picture_id if row is not None else (stored if stored in owned else None)
        source = row.source if row is not None else ("" if picture_id else address)
        pictures.append(PictureData(picture_id, source, alt, sku if sku in kept else ""))
    return ProductData(
        title=fields.get("title", ""),
        category_id=category_id,
        slug=told.handle,
        subtitle=fields.get("subtitle", ""),
        description=fields.get("description", ""),
        brand=fields.get("brand", ""),
        options=_options(told, product),
        variants=tuple(_variant(v) for v in told.variants),
        parameters=tuple(fields.get("parameters", ())),
        add_ons=tuple(AddOnData(name, price) for name, price in fields.get("add_ons", ())),
        pictures=tuple(pictures),
        ship_within_hours=fields.get("ship_within_hours", 48),
        arrives_days=(fields.get("arrives_days_min", 2), fields.get("arrives_days_max", 5)),
        return_rule=fields.get("return_rule", ""),
        return_days=fields.get("return_days"),
        limit_per_order=fields.get("limit_per_order"),
        limit_per_person=fields.get("limit_per_person"),
        waiting_room=fields.get("waiting_room") == "yes",
    )


def _options(told: SheetProduct, product: Product | None) -> tuple[OptionData, ...]:
    """Options with their values, in the order that the product has already, new ones last."""
    before = {option["name"]: option["values"] for option in product.options} if product is not None else {}
    found = []
    for at, name in enumerate(told.options or ()):
        used = list(dict.fromkeys(v.values[at] for v in told.variants if len(v.values) > at))
        known = [value for value in before.get(name, []) if value in used]
        found.append(OptionData(name, tuple(dict.fromkeys([*known, *used]))))
    return tuple(found)


def _variant(told: SheetVariant) -> VariantData:
    fields = told.fields
    return VariantData(
        sku=told.sku,
        price=fields.get("price") or 0,
        values=told.values,
        list_price=fields.get("list_price"),
        weight_g=fields.get("weight_g") or 0,
        barcode=fields.get("barcode") or "",
    )
