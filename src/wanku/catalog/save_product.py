"""Writing a product with everything that belongs to it."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from django.utils.text import slugify

from wanku.catalog.index import index
from wanku.catalog.models import AddOn, Category, Product, ProductPicture, ProductState, Variant
from wanku.catalog.rules import (
    SLUG_MAX,
    AddOnData,
    OptionData,
    PictureData,
    ProductData,
    VariantData,
    check,
    matches,
)
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Code, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.merchants.models import Merchant

SKU_TAKEN = Code("sku_taken", gettext_noop("Another product of this shop has the SKU “%(sku)s” already."), 422)
SLUG_TAKEN = Code("slug_taken", gettext_noop("Another product of this shop has the address “%(slug)s” already."), 422)


def problems(data: ProductData) -> list[Refusal]:
    """Everything that `save_product` would refuse by itself, without touching what other products have."""
    category = Category.objects.filter(pk=data.category_id, is_open=True).first()
    found = check(tidy(data), category_days=category.return_days if category else 0)
    if category is None:
        found.append(
            Refusal(BAD_VALUE, field="category", problem=gettext_noop("Choose one of the categories that are offered."))
        )
    return found


def save_product(data: ProductData, *, merchant: Merchant, now: datetime, product: Product | None = None) -> Product:
    """Create a product as a draft, or bring ``product`` to what ``data`` says, inside the caller's transaction.

    Variants keep their ids by SKU, else by option values, so that carts, orders and stock go on pointing at the
    same thing; those that are gone become inactive and are never deleted. Add-ons keep theirs by name. The price
    cache and the search words are written along. Stock is not: `wanku.inventory.ensure` makes the counters.

    Raises:
        Refusal: ``bad_value`` naming the first wrong field (`problems` lists all), ``sku_taken``, ``slug_taken``,
            ``not_found`` for another merchant's product.
    """
    data = tidy(data)
    for refusal in problems(data):
        raise refusal
    if product is not None:
        found = Product.objects.select_for_update(no_key=True).filter(pk=product.pk, merchant=merchant).first()
        if found is None or found.state == ProductState.REMOVED:
            raise Refusal(NOT_FOUND)
        product = found
    _check_skus(data, merchant, product)
    row = product or Product(merchant=merchant, created_at=now, kind=data.kind)
    _fill(row, data, now)
    row.slug = _slug(data, merchant, row)
    row.save()
    variants = _save_variants(data.variants, row)
    _save_add_ons(data.add_ons, row)
    _save_pictures(data.pictures, row, variants)
    index(Product.objects.select_related("merchant", "category__parent__parent").get(pk=row.pk))
    return row


def tidy(data: ProductData) -> ProductData:
    """The same with every text cleaned and empty parts dropped."""
    options = tuple(OptionData(clean(o.name), tuple(clean(v) for v in o.values)) for o in data.options)
    parameters = tuple((clean(name), clean(value)) for name, value in data.parameters)
    return dataclasses.replace(
        data,
        title=clean(data.title),
        slug=slugify(clean(data.slug), allow_unicode=True),
        subtitle=clean(data.subtitle),
        brand=clean(data.brand),
        description=clean(data.description, lines=True),
        options=options,
        parameters=tuple(p for p in parameters if any(p)),
        variants=tuple(_tidy_variant(v) for v in data.variants),
        add_ons=tuple(dataclasses.replace(a, name=clean(a.name)) for a in data.add_ons),
        pictures=tuple(
            dataclasses.replace(p, alt=clean(p.alt)[:200], source=clean(p.source)[:1000], sku=clean(p.sku))
            for p in data.pictures
        ),
    )


def _tidy_variant(data: VariantData) -> VariantData:
    return dataclasses.replace(
        data, sku=clean(data.sku), values=tuple(clean(v) for v in data.values), barcode=clean(data.barcode)
    )


def _check_skus(data: ProductData, merchant: Merchant, product: Product | None) -> None:
    skus = [v.sku for v in data.variants]
    others = Variant.objects.filter(merchant=merchant, sku__in=skus)
    if product is not None:
        others = others.exclude(product=product)
    taken = set(others.values_list("sku", flat=True))
    for i, sku in enumerate(skus):
        if sku in taken:
            raise Refusal(SKU_TAKEN, field=f"variants.{i}.sku", sku=sku)


def _fill(row: Product, data: ProductData, now: datetime) -> None:
    plain = ("title", "subtitle", "description", "brand", "category_id", "currency", "ship_within_hours")
    for name in (*plain, "return_rule", "return_days", "limit_per_order", "limit_per_person", "waiting_room"):
        setattr(row, name, getattr(data, name))
    row.arrives_days_min, row.arrives_days_max = data.arrives_days
    row.parameters = [{"name": name, "value": value} for name, value in data.parameters]
    row.options = [{"name": option.name, "values": list(option.values)} for option in data.options]
    prices = [variant.price for variant in data.variants]
    row.price_min, row.price_max = min(prices), max(prices)
    row.updated_at = now


def _slug(data: ProductData, merchant: Merchant, row: Product) -> str:
    """The wished address, or one made of the title; a product keeps the one that it has unless another is wished."""
    if not data.slug and row.slug:
        return row.slug
    base = data.slug or slugify(data.title, allow_unicode=True)[: SLUG_MAX - 8].strip("-") or "product"
    near = Product.objects.filter(merchant=merchant, slug__startswith=base).exclude(pk=row.pk)
    taken = set(near.values_list("slug", flat=True))
    if base not in taken:
        return base
    if data.slug:
        raise Refusal(SLUG_TAKEN, field="slug", slug=base)
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def _save_variants(wanted: Sequence[VariantData], product: Product) -> dict[str, Variant]:
    """Create, change and deactivate, in at most three statements; the offered ones by SKU."""
    stored = {v.pk: v for v in product.variants.order_by("-is_active", "position", "pk").select_for_update(no_key=True)}
    known = {key: (v.sku, tuple(v.values)) for key, v in stored.items()}
    kept: dict[str, Variant] = {}
    fresh: list[Variant] = []
    for place, key in matches(wanted, known):
        data = wanted[place]
        if key is None:
            row = Variant(product=product, merchant_id=product.merchant_id)
            fresh.append(row)
        else:
            row = stored.pop(key)
        row.sku, row.values, row.barcode = data.sku, list(data.values), data.barcode
        row.price, row.list_price, row.weight_g = data.price, data.list_price, data.weight_g
        row.position, row.is_active = place, True
        kept[data.sku] = row
    for gone in stored.values():
        gone.is_active = False
    changed = [*stored.values(), *(row for row in kept.values() if row.pk in known)]
    fields = ["sku", "values", "barcode", "price", "list_price", "weight_g", "position", "is_active"]
    Variant.objects.bulk_update(changed, fields)
    Variant.objects.bulk_create(fresh)
    return kept


def _save_add_ons(wanted: Sequence[AddOnData], product: Product) -> None:
    stored = {row.name: row for row in product.add_ons.order_by("is_active", "pk").select_for_update(no_key=True)}
    names = {data.name for data in wanted}
    for old in stored.values():
        old.is_active = old.name in names
    fresh: list[AddOn] = []
    for place, data in enumerate(wanted):
        row = stored.get(data.name, AddOn(product=product, name=data.name))
        row.price, row.position = data.price, place
        if data.name not in stored:
            fresh.append(row)
    AddOn.objects.bulk_update(stored.values(), ["price", "position", "is_active"])
    AddOn.objects.bulk_create(fresh)


def _save_pictures(wanted: Sequence[PictureData], product: Product, variants: dict[str, Variant]) -> None:
    product.pictures.all().delete()
    ProductPicture.objects.bulk_create(
        ProductPicture(
            product=product,
            picture_id=data.picture_id,
            variant=variants[data.sku] if data.sku else None,
            source=data.source,
            alt=data.alt,
            position=place,
        )
        for place, data in enumerate(wanted)
    )
