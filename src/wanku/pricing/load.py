"""Reads what is on offer: a fixed number of queries, whatever the size of the cart."""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from wanku.catalog.models import ProductState
from wanku.kernel.arrays import execute, literal
from wanku.merchants.states import Capability, capable
from wanku.pricing._sql import AS_READ, COLUMNS, OFFERS
from wanku.pricing.freight import Rate, Template
from wanku.pricing.models import FreightRate, FreightTemplate
from wanku.pricing.quote import Extra, Offer, Quote, Wish, quote


def load_quote(wishes: Sequence[Wish], *, province: str | None) -> Quote:
    """Price wishes against the catalogue as it is now. Prices are the same for everybody, so no one is asked for."""
    offers = load_offers([wish.variant_id for wish in wishes])
    return quote(wishes, offers, load_templates(offers.values()), province=province)


def load_offers(variant_ids: Sequence[int]) -> dict[int, Offer]:
    """Offers by variant id; unknown variants are missing."""
    if not variant_ids:
        return {}
    rows = execute(OFFERS, [literal(sorted(set(variant_ids)), "bigint")])
    return {row[0]: _offer(row) for row in rows}


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


def _offer(row: tuple[Any, ...]) -> Offer:
    at = dict(zip(COLUMNS, row, strict=True))
    sellable = (
        at["supply_id"] is not None
        and at["is_active"]
        and at.pop("product_state") == ProductState.ON_SALE
        and capable(at.pop("merchant_state"), Capability.SELL)
    )
    bp = at["category_bp"]
    return Offer(
        **{name: at[name] for name in AS_READ},
        extras=tuple(Extra(*extra) for extra in json.loads(at["extras"])) if at["extras"] else (),
        supply_id=at["supply_id"] or 0,
        free=at["free"] or 0,
        sellable=sellable,
        returns={"rule": at["return_rule"], "days": at["return_days"]},
        arrives_days=(at["arrives_days_min"], at["arrives_days_max"]),
        commission_bp=bp if bp is not None else at["merchant_bp"],
    )
