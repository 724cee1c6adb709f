"""Reads what is on offer: a fixed number of queries, whatever the size of the cart."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from wanku.catalog.models import AddOn, ProductPicture, ProductState, Variant
from wanku.inventory.models import Supply
from wanku.merchants.states import Capability, capable
from wanku.pricing.freight import Rate, Template
from wanku.pricing.models import FreightRate, FreightTemplate
from wanku.pricing.quote import Extra, Offer, Quote, Wish, quote


def load_quote(wishes: Sequence[Wish], *, province: str | None) -> Quote:
    """Price wishes against the catalogue as it is now. Prices are the same for everybody, so no one is asked for."""
    offers = load_offers([wish.variant_id for wish in wishes])
    return quote(wishes, offers, load_templates(offers.values()), province=province)


def load_offers(variant_ids: Sequence[int]) -> dict[int, Offer]:
    """Offers by variant id; unknown variants are missing."""
    variants = list(
        Variant.objects.filter(pk__in=set(variant_ids)).select_related("product__category", "merchant").order_by("pk")
    )
    if not variants:
        return {}
    supplies = {s.key: s for s in Supply.objects.filter(key__in=[v.supply_key for v in variants])}
    products = {v.product_id for v in variants}
    extras: dict[int, list[Extra]] = {}
    for row in AddOn.objects.filter(product_id__in=products, is_active=True):
        extras.setdefault(row.product_id, []).append(Extra(row.pk, row.name, row.price))
    pictures = _pictures(products)
    return {
        v.pk: _offer(v, supplies.get(v.supply_key), tuple(extras.get(v.product_id, ())), _picture_of(v, pictures))
        for v in variants
    }


def load_templates(offers: Iterable[Offer]) -> dict[int, Template]:
    """The default freight template of each merchant among the offers."""
    return templates_of({offer.merchant_id for offer in offers})


def templates_of(merchants: Collection[int]) -> dict[int, Template]:
    """The default freight template by merchant id; a merchant without one ships for free and is missing here."""
    rows = list(FreightTemplate.objects.filter(merchant_id__in=merchants, is_default=True))
    rates: dict[int, list[Rate]] = {}
    for r in FreightRate.objects.filter(template__in=rows):
        rates.setdefault(r.template_id, []).append(
            Rate(tuple(r.provinces), r.first, r.first_fee, r.step, r.step_fee, r.refused)
        )
    return {t.merchant_id: Template(t.by, tuple(rates.get(t.pk, ())), t.free_from) for t in rows}


def _pictures(products: set[int]) -> dict[int, list[ProductPicture]]:
    rows: dict[int, list[ProductPicture]] = {}
    for row in ProductPicture.objects.filter(product_id__in=products, picture_id__isnull=False):
        rows.setdefault(row.product_id, []).append(row)
    return rows


def _picture_of(variant: Variant, pictures: Mapping[int, Sequence[ProductPicture]]) -> UUID | None:
    mine = pictures.get(variant.product_id, ())
    own = next((p.picture_id for p in mine if p.variant_id == variant.pk), None)
    return own or next((p.picture_id for p in mine), None)


def _offer(variant: Variant, supply: Supply | None, extras: tuple[Extra, ...], picture: UUID | None) -> Offer:
    product, merchant = variant.product, variant.merchant
    sellable = (
        supply is not None
        and variant.is_active
        and product.state == ProductState.ON_SALE
        and capable(merchant.state, Capability.SELL)
    )
    bp = product.category.commission_bp
    return Offer(
        variant_id=variant.pk,
        product_id=product.pk,
        merchant_id=merchant.pk,
        merchant_name=merchant.name,
        kind=product.kind,
        title=product.title,
        label=variant.label,
        sku=variant.sku,
        slug=product.slug,
        merchant_slug=merchant.slug,
        picture_id=picture,
        price=variant.price,
        currency=product.currency,
        weight_g=variant.weight_g,
        extras=extras,
        supply_id=supply.pk if supply else 0,
        free=supply.free if supply else 0,
        sellable=sellable,
        limit_per_order=product.limit_per_order,
        returns=product.return_terms(),
        ship_within_hours=product.ship_within_hours,
        arrives_days=(product.arrives_days_min, product.arrives_days_max),
        commission_bp=bp if bp is not None else merchant.commission_bp,
        limit_per_person=product.limit_per_person,
        waiting_room=product.waiting_room,
    )
