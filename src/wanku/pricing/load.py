"""Reads what is on offer: a fixed number of queries, whatever the size of the cart."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from wanku.catalog.models import ProductState
from wanku.inventory.queries import free_by_key
from wanku.kernel.arrays import execute, literal
from wanku.kernel.refusal import Refusal
from wanku.kinds.kind import Chosen
from wanku.kinds.pick import Fee, Pick
from wanku.kinds.registry import KINDS, read_choice
from wanku.merchants.states import Capability, capable
from wanku.pricing._sql import AS_READ, COLUMNS, OFFERS
from wanku.pricing.freight import Rate, Template
from wanku.pricing.models import FreightRate, FreightTemplate
from wanku.pricing.quote import SHIP, Extra, Offer, PricedLine, Quote, Wish, quote
from wanku.pricing.ways import NONE, FeeOf, Picks, keys_of


def load_quote(wishes: Sequence[Wish], *, address: Mapping[str, str] | None, now: datetime) -> Quote:
    """Price wishes against the catalogue as it is now. Prices are the same for everybody, so no one is asked for.

    Args:
        address: where to, as far as it is known (`province`, `city`, `district`).
    """
    offers = load_offers([wish.variant_id for wish in wishes])
    picks = load_picks(wishes, offers, address=address, now=now)
    province = (address or {}).get("province") or None
    return quote(wishes, offers, load_templates(offers.values()), province=province, picks=picks)


def load_picks(
    wishes: Sequence[Wish], offers: Mapping[int, Offer], *, address: Mapping[str, str] | None, now: datetime
) -> Picks:
    """What the kinds make of wishes, with their counters as they are now: one statement, none for goods alone."""
    made = picks_of(wishes, offers, now=now)
    if not made:
        return NONE
    return Picks(made, free_by_key(keys_of(made)), fee_by(address))


def picks_of(wishes: Sequence[Wish], offers: Mapping[int, Offer], *, now: datetime) -> dict[int, Pick | Refusal]:
    """What the kinds make of wishes, by index; goods and what is not offered are not in it."""
    made: dict[int, Pick | Refusal] = {}
    for index, wish in enumerate(wishes):
        offer = offers.get(wish.variant_id)
        if offer is not None and not offer.is_shipped and offer.sellable:
            kind = KINDS[offer.kind]
            try:
                choice = read_choice(kind, wish.choice)
                made[index] = kind.pick(offer, choice, wish.quantity, add_ons=wish.add_ons, now=now)
            except Refusal as no:
                made[index] = no
    return made


def fee_by(address: Mapping[str, str] | None) -> FeeOf:
    """What coming or bringing costs at an address."""

    def fee_of(kind: str, lines: Sequence[PricedLine]) -> Fee:
        chosen = [Chosen(x.offer, x.pick, x.choice, x.quantity, x.amount) for x in lines if x.pick is not None]
        return KINDS[kind].fee(chosen, address)

    return fee_of


def load_offers(variant_ids: Sequence[int]) -> dict[int, Offer]:
    """Offers by variant id; unknown variants are missing."""
    if not variant_ids:
        return {}
    rows = [
        dict(zip(COLUMNS, row, strict=True)) for row in execute(OFFERS, [literal(sorted(set(variant_ids)), "bigint")])
    ]
    facts = _facts(rows)
    return {at["variant_id"]: _offer(at, facts.get(at["variant_id"])) for at in rows}


def _facts(rows: Sequence[Mapping[str, Any]]) -> dict[int, Any]:
    """What the kinds know of their variants; nothing is asked for goods."""
    facts: dict[int, Any] = {}
    for code in sorted({at["kind"] for at in rows} - {SHIP}):
        if code in KINDS:
            facts |= KINDS[code].load([at["variant_id"] for at in rows if at["kind"] == code])
    return facts


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


def _offer(at: dict[str, Any], facts: Any) -> Offer:
    shipped = at["kind"] == SHIP
    sellable = (
        (at["supply_id"] is not None if shipped else facts is not None)
        and at["is_active"]
        and at.pop("product_state") == ProductState.ON_SALE
        and capable(at.pop("merchant_state"), Capability.SELL)
    )
    bp = at["category_bp"]
    return Offer(
        **{name: at[name] for name in AS_READ},
        extras=tuple(Extra(*extra) for extra in json.loads(at["extras"])) if at["extras"] else (),
        supply_id=(at["supply_id"] or 0) if shipped else 0,
        free=at["free"] or 0,
        facts=facts,
        sellable=sellable,
        returns={"rule": at["return_rule"], "days": at["return_days"]},
        arrives_days=(at["arrives_days_min"], at["arrives_days_max"]),
        commission_bp=bp if bp is not None else at["merchant_bp"],
    )
