"""What a checkout costs: a pure function from what is wished and what is offered to numbers with reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wanku.kernel.money import AMOUNT_MAX, portion
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.pricing.freight import FREE, Freight, Reason, Template, freight_of

UNAVAILABLE = Code("unavailable", gettext_noop("“%(title)s” is no longer offered. Please remove it."), 409)
STOCK_SHORT = Code("stock_short", gettext_noop("Only %(left)s left of “%(title)s”."), 409)
SOLD_OUT = Code("sold_out", gettext_noop("“%(title)s” is sold out."), 409)
LIMIT = Code("limit_per_order", gettext_noop("At most %(limit)s of “%(title)s” per order."), 409)
LIMIT_PERSON = Code(
    "limit_per_person",
    gettext_noop("One person can have at most %(limit)s of “%(title)s”; you can order %(left)s more."),
    409,
)
NO_ADD_ON = Code("add_on_unavailable", gettext_noop("An extra of “%(title)s” is no longer offered."), 409)
BAD_QUANTITY = Code("bad_quantity", gettext_noop("The quantity must be a whole number from 1 to %(most)s."), 422)
EMPTY = Code("empty", gettext_noop("Nothing was chosen yet. Please pick at least one item."), 422)
TOO_MANY = Code("too_many_lines", gettext_noop("At most %(most)s different items fit into one order."), 422)
MIXED = Code("mixed_currency", gettext_noop("Items in different currencies cannot be paid together."), 409)
TOO_MUCH = Code("too_much", gettext_noop("The total is beyond what can be paid at once."), 422)
QUANTITY_MAX = 999
LINES_MAX = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What a buyer asks for."""

    variant_id: int
    quantity: int
    add_ons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Extra:
    """An add-on on offer; minor units per piece."""

    id: int
    name: str
    price: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as it can be bought now.

    Attributes:
        sellable: product on sale, variant active, merchant allowed to sell.
        free: pieces left, as last read; the engine decides under lock.
        limit_per_person, waiting_room: as in `wanku.catalog.models.Product`.
        commission_bp: platform's share of the goods price in basis points.
    """

    variant_id: int
    product_id: int
    merchant_id: int
    merchant_name: str
    kind: str
    title: str
    label: str
    sku: str
    slug: str
    merchant_slug: str
    picture_id: UUID | None
    price: int
    currency: str
    weight_g: int
    extras: tuple[Extra, ...]
    supply_id: int
    free: int
    sellable: bool
    limit_per_order: int | None
    returns: Mapping[str, Any]
    ship_within_hours: int
    arrives_days: tuple[int, int]
    commission_bp: int
    limit_per_person: int | None = None
    waiting_room: bool = False

    @property
    def most_pieces(self) -> int:
        """Pieces that one order can have, whatever the stock is."""
        limits = (self.limit_per_order, self.limit_per_person, QUANTITY_MAX)
        return min(limit for limit in limits if limit is not None)


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line with its price; minor units."""

    offer: Offer
    quantity: int
    add_ons: tuple[Extra, ...]
    unit_price: int
    amount: int
    index: int

    @property
    def variant_id(self) -> int:
        """The variant that was asked for."""
        return self.offer.variant_id


@dataclass(frozen=True, slots=True)
class MerchantPart:
    """What one merchant's order will be; minor units."""

    merchant_id: int
    merchant_name: str
    lines: tuple[PricedLine, ...]
    goods: int
    freight: int
    freight_reason: Reason
    total: int
    commission: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The whole checkout; minor units.

    Attributes:
        refusals: what stands in the way of ordering, each with the field it concerns; the numbers cover the lines
            that can be priced.
    """

    parts: tuple[MerchantPart, ...]
    goods: int
    freight: int
    total: int
    currency: str
    refusals: tuple[Refusal, ...]


def quote(
    wishes: Sequence[Wish],
    offers: Mapping[int, Offer],
    templates: Mapping[int, Template],
    *,
    province: str | None,
    count_stock: bool = True,
) -> Quote:
    """Price a checkout. Never raises for an expected no: it lists them, so that a page can show all at once.

    Args:
        offers: by variant id; missing ones are refused.
        templates: freight by merchant id; a merchant without one ships for free.
        count_stock: off for the order engine, which counts stock and the limit per person under lock.
    """
    refusals = _limits(wishes)
    lines: list[PricedLine] = []
    for index, wish in enumerate(wishes[:LINES_MAX]):
        try:
            lines.append(_line(index, wish, offers.get(wish.variant_id)))
        except Refusal as refusal:
            refusals.append(refusal)
    refusals += _shared_limits(lines, count_stock=count_stock)
    if len({line.offer.currency for line in lines}) > 1:
        refusals.append(Refusal(MIXED))
    parts = []
    for merchant_id in sorted({line.offer.merchant_id for line in lines}):
        mine = tuple(line for line in lines if line.offer.merchant_id == merchant_id)
        part, not_shipped = _part(mine, templates.get(merchant_id, FREE), province)
        parts.append(part)
        refusals += [not_shipped] if not_shipped else []
    goods, freight = sum(p.goods for p in parts), sum(p.freight for p in parts)
    if goods + freight > AMOUNT_MAX:
        refusals.append(Refusal(TOO_MUCH))
    currency = lines[0].offer.currency if lines else "CNY"
    return Quote(tuple(parts), goods, freight, goods + freight, currency, tuple(refusals))


def _limits(wishes: Sequence[Wish]) -> list[Refusal]:
    if not wishes:
        return [Refusal(EMPTY, field="lines")]
    if len(wishes) > LINES_MAX:
        return [Refusal(TOO_MANY, field="lines", most=LINES_MAX)]
    return []


def _line(index: int, wish: Wish, offer: Offer | None) -> PricedLine:
    field = f"lines.{index}"
    if offer is None or not offer.sellable:
        raise Refusal(UNAVAILABLE, field=field, title=offer.title if offer else "?", variant_id=wish.variant_id)
    if not 1 <= wish.quantity <= QUANTITY_MAX:
        raise Refusal(BAD_QUANTITY, field=f"{field}.quantity", most=QUANTITY_MAX)
    extras = {extra.id: extra for extra in offer.extras}
    if len(set(wish.add_ons)) != len(wish.add_ons) or any(a not in extras for a in wish.add_ons):
        raise Refusal(NO_ADD_ON, field=f"{field}.add_ons", title=offer.title)
    chosen = tuple(extras[a] for a in sorted(wish.add_ons))
    unit = offer.price + sum(extra.price for extra in chosen)
    return PricedLine(offer, wish.quantity, chosen, unit, unit * wish.quantity, index)


def _shared_limits(lines: Sequence[PricedLine], *, count_stock: bool) -> list[Refusal]:
    """Stock and per-order limits count over lines, since add-ons split one variant into several."""
    refusals = []
    by_supply: dict[int, int] = {}
    by_product: dict[int, int] = {}
    for line in lines:
        offer, field = line.offer, f"lines.{line.index}.quantity"
        by_supply[offer.supply_id] = by_supply.get(offer.supply_id, 0) + line.quantity
        by_product[offer.product_id] = by_product.get(offer.product_id, 0) + line.quantity
        if count_stock and by_supply[offer.supply_id] > offer.free:
            refusals.append(short(offer.title, offer.free, field))
        if offer.limit_per_order is not None and by_product[offer.product_id] > offer.limit_per_order:
            refusals.append(Refusal(LIMIT, field=field, limit=offer.limit_per_order, title=offer.title))
        if count_stock and offer.limit_per_person is not None and by_product[offer.product_id] > offer.limit_per_person:
            refusals.append(over_limit(offer, offer.limit_per_person, field))
    return refusals


def over_limit(offer: Offer, left: int, field: str) -> Refusal:
    """The refusal for more pieces than one person may have; ``left`` are those that they may still order."""
    return Refusal(LIMIT_PERSON, field=field, limit=offer.limit_per_person, left=left, title=offer.title)


def short(title: str, left: int, field: str) -> Refusal:
    """The refusal for too little stock."""
    return Refusal(STOCK_SHORT if left > 0 else SOLD_OUT, field=field, left=left, title=title)


def _part(
    lines: tuple[PricedLine, ...], template: Template, province: str | None
) -> tuple[MerchantPart, Refusal | None]:
    first = lines[0].offer
    goods = sum(line.amount for line in lines)
    units = sum(line.quantity * (line.offer.weight_g if template.by == "weight" else 1) for line in lines)
    refusal: Refusal | None = None
    try:
        freight = freight_of(template, goods=goods, units=units, province=province, shop=first.merchant_name)
    except Refusal as no:
        refusal, freight = no, Freight(0, Reason("refused", {}))
    commission = sum(portion(line.amount, line.offer.commission_bp, 10_000) for line in lines)
    part = MerchantPart(
        first.merchant_id,
        first.merchant_name,
        lines,
        goods,
        freight.amount,
        freight.reason,
        goods + freight.amount,
        commission,
    )
    return part, refusal
