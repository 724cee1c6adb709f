"""What a checkout costs: a pure function from what is wished and what is offered to numbers with reasons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wanku.kernel.money import AMOUNT_MAX, portion
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kinds.pick import Pick, Way
from wanku.pricing import ways
from wanku.pricing.freight import FREE, Freight, Reason, Template, freight_of

UNAVAILABLE = Code("unavailable", gettext_noop("“%(title)s” is no longer offered. Please remove it."), 409)
STOCK_SHORT = Code("stock_short", gettext_noop("Only %(left)s left of “%(title)s”."), 409)
SOLD_OUT = Code("sold_out", gettext_noop("“%(title)s” is sold out."), 409)
NOT_FREE = Code("not_free", gettext_noop("“%(title)s” is not free as you chose it. Please choose again."), 409)
LIMIT = Code("limit_per_order", gettext_noop("At most %(limit)s of “%(title)s” per order."), 409)
LIMIT_PERSON = Code(
    "limit_per_person",
    gettext_noop("One person can have at most %(limit)s of “%(title)s”; you can order %(left)s more."),
    409,
)
NO_CHOICE = Code("no_choice", gettext_noop("“%(title)s” has nothing to configure here."), 422)
NO_ADD_ON = Code("add_on_unavailable", gettext_noop("An extra of “%(title)s” is no longer offered."), 409)
BAD_QUANTITY = Code("bad_quantity", gettext_noop("The quantity must be a whole number from 1 to %(most)s."), 422)
EMPTY = Code("empty", gettext_noop("Nothing was chosen yet. Please pick at least one item."), 422)
TOO_MANY = Code("too_many_lines", gettext_noop("At most %(most)s different items fit into one order."), 422)
MIXED = Code("mixed_currency", gettext_noop("Items in different currencies cannot be paid together."), 409)
TOO_MUCH = Code("too_much", gettext_noop("The total is beyond what can be paid at once."), 422)
SHIP = "ship"
"""Goods in parcels; every other kind of line is in `wanku.kinds.registry`."""
QUANTITY_MAX = 999
LINES_MAX = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What a buyer asks for.

    Attributes:
        choice: what was configured, as canonical JSON for the kind (`wanku.kinds.kind.Choice`); empty for goods.
        details: what only the checkout asks, as JSON for the kind; personal data.
    """

    variant_id: int
    quantity: int
    add_ons: tuple[int, ...] = ()
    choice: str = ""
    details: str = field(default="", repr=False, compare=False)


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
        supply_id: the counter of a variant that is shipped; 0 for other kinds, which name their own.
        commission_bp: platform's share of the goods price in basis points.
        facts: what its kind needs to price it (`wanku.kinds.kind.Kind.load`); none for goods.
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
    facts: Any = None

    @property
    def is_shipped(self) -> bool:
        """Whether it is goods, whose counter is its own."""
        return self.kind == SHIP

    @property
    def most_pieces(self) -> int:
        """Pieces that one order can have, whatever the stock is."""
        limits = (self.limit_per_order, self.limit_per_person, QUANTITY_MAX)
        return min(limit for limit in limits if limit is not None)


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line with its price; minor units.

    Attributes:
        index: place among the wishes.
        pick: what its kind made of it; none for goods.
        way: the one that is to be had as last read; none where that was not asked or there is none.
    """

    offer: Offer
    quantity: int
    add_ons: tuple[Extra, ...]
    unit_price: int
    amount: int
    index: int
    pick: Pick | None = None
    way: Way | None = None

    @property
    def variant_id(self) -> int:
        """The variant that was asked for."""
        return self.offer.variant_id

    @property
    def choice(self) -> Mapping[str, Any]:
        """What was configured, complete as far as it is known before a way is taken."""
        if self.pick is None:
            return {}
        return (self.way or self.pick.ways[0]).choice


@dataclass(frozen=True, slots=True)
class MerchantPart:
    """What one order will be: a merchant's lines of one kind that are kept together; minor units."""

    merchant_id: int
    merchant_name: str
    lines: tuple[PricedLine, ...]
    goods: int
    freight: int
    freight_reason: Reason
    total: int
    commission: int

    @property
    def kind(self) -> str:
        """Of all its lines."""
        return self.lines[0].offer.kind

    @property
    def starts_at(self) -> datetime | None:
        """When the first of it is to be kept."""
        return min((line.pick.starts_at for line in self.lines if line.pick and line.pick.starts_at), default=None)

    @property
    def ends_at(self) -> datetime | None:
        """When the last of it is over."""
        return max((line.pick.ends_at for line in self.lines if line.pick and line.pick.ends_at), default=None)

    @property
    def frozen(self) -> dict[str, Any]:
        """Terms of its kind that are frozen with the order."""
        return {name: value for line in self.lines if line.pick for name, value in line.pick.terms.items()}


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
    picks: ways.Picks = ways.NONE,
) -> Quote:
    """Price a checkout. Never raises for an expected no: it lists them, so that a page can show all at once.

    Args:
        offers: by variant id; missing ones are refused.
        templates: freight by merchant id; a merchant without one ships for free.
        count_stock: off for the order engine, which counts stock and the limit per person under lock.
        picks: what the kinds made of those wishes that are not for goods.
    """
    refusals = _limits(wishes)
    lines: list[PricedLine] = []
    for index, wish in enumerate(wishes[:LINES_MAX]):
        try:
            lines.append(_line(index, wish, offers.get(wish.variant_id), picks.made.get(index)))
        except Refusal as refusal:
            refusals += within(refusal, f"lines.{index}")
    if count_stock and picks.made:
        lines, unfree = _take_ways(lines, picks.free)
        refusals += unfree
    refusals += _shared_limits(lines, count_stock=count_stock)
    if len({line.offer.currency for line in lines}) > 1:
        refusals.append(Refusal(MIXED))
    parts = []
    for (merchant_id, kind, *_), mine in sorted(_together(lines).items(), key=_by_merchant):
        template = templates.get(merchant_id, FREE)
        cost = _freight(mine, template, province) if kind == SHIP else _fee(mine, picks.fee_of)
        parts.append(_part(mine, cost if isinstance(cost, Freight) else Freight(0, Reason("refused", {}))))
        refusals += cost.every() if isinstance(cost, Refusal) else []
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


def within(refusal: Refusal, place: str) -> list[Refusal]:
    """The refusals of one line, with fields that begin with its place."""
    return [Refusal(no.code, field=f"{place}.{no.field}" if no.field else place, **no.facts) for no in refusal.every()]


def _line(index: int, wish: Wish, offer: Offer | None, pick: Pick | Refusal | None) -> PricedLine:
    """The price of one line.

    Raises:
        Refusal: with a field that is relative to the line.
    """
    if offer is None or not offer.sellable:
        raise Refusal(UNAVAILABLE, title=offer.title if offer else "?", variant_id=wish.variant_id)
    if not 1 <= wish.quantity <= QUANTITY_MAX:
        raise Refusal(BAD_QUANTITY, field="quantity", most=QUANTITY_MAX)
    extras = {extra.id: extra for extra in offer.extras}
    if len(set(wish.add_ons)) != len(wish.add_ons) or any(a not in extras for a in wish.add_ons):
        raise Refusal(NO_ADD_ON, field="add_ons", title=offer.title)
    if isinstance(pick, Refusal):
        raise pick
    if pick is None and wish.choice:
        raise Refusal(NO_CHOICE, field="choice", title=offer.title)
    chosen = tuple(extras[a] for a in sorted(wish.add_ons))
    unit = (pick.unit_price if pick else offer.price) + sum(extra.price for extra in chosen)
    return PricedLine(offer, wish.quantity, chosen, unit, unit * wish.quantity, index, pick)


def _take_ways(lines: Sequence[PricedLine], free: Mapping[str, int]) -> tuple[list[PricedLine], list[Refusal]]:
    """Which way each line of a kind would take, in their order; and a refusal for each that has none."""
    taken: dict[str, int] = {}
    found: list[PricedLine] = []
    refusals: list[Refusal] = []

    def left(key: str) -> int:
        return free.get(key, 0) - taken.get(key, 0)

    for line in lines:
        way = ways.first_way(line.pick, left) if line.pick else None
        if line.pick and way is None:
            refusals.append(unfree(line, line.pick, left))
        for key, pieces in (way.demand if way else {}).items():
            taken[key] = taken.get(key, 0) + pieces
        found.append(replace(line, way=way))
    return found, refusals


def unfree(line: PricedLine, pick: Pick, left: Callable[[str], int]) -> Refusal:
    """The refusal for a line of a kind that is not to be had: how many are, or that it must be chosen anew."""
    field, title = f"lines.{line.index}", line.offer.title
    few = ways.most_left(pick, line.quantity, left)
    if said := ways.said_instead(pick, few, left):
        return within(said, field)[0]
    no = short(title, few, "quantity") if few > 0 else not_free(line.offer, pick)
    return within(no, field)[0]


def not_free(offer: Offer, pick: Pick) -> Refusal:
    """The refusal for what has nothing left as it was configured."""
    if pick.starts_at is None:
        return short(offer.title, 0, "quantity")
    return Refusal(NOT_FREE, field="choice", title=offer.title)


def _together(lines: Sequence[PricedLine]) -> dict[tuple[Any, ...], tuple[PricedLine, ...]]:
    """Lines by the order that they make: of one merchant, of one kind, and as their kind keeps them together."""
    groups: dict[tuple[Any, ...], list[PricedLine]] = {}
    for line in lines:
        how = () if line.pick is None else line.pick.together
        alone = line.index if how is None else None
        groups.setdefault((line.offer.merchant_id, line.offer.kind, how, alone), []).append(line)
    return {key: tuple(group) for key, group in groups.items()}


def _by_merchant(group: tuple[tuple[Any, ...], tuple[PricedLine, ...]]) -> tuple[int, int]:
    return group[0][0], group[1][0].index


def _shared_limits(lines: Sequence[PricedLine], *, count_stock: bool) -> list[Refusal]:
    """Stock and per-order limits count over lines, since add-ons split one variant into several."""
    refusals = []
    by_supply: dict[int, int] = {}
    by_product: dict[int, int] = {}
    for line in lines:
        offer, field = line.offer, f"lines.{line.index}.quantity"
        by_supply[offer.supply_id] = by_supply.get(offer.supply_id, 0) + line.quantity
        by_product[offer.product_id] = by_product.get(offer.product_id, 0) + line.quantity
        if count_stock and offer.is_shipped and by_supply[offer.supply_id] > offer.free:
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


def _freight(lines: Sequence[PricedLine], template: Template, province: str | None) -> Freight | Refusal:
    goods = sum(line.amount for line in lines)
    units = sum(line.quantity * (line.offer.weight_g if template.by == "weight" else 1) for line in lines)
    try:
        return freight_of(template, goods=goods, units=units, province=province, shop=lines[0].offer.merchant_name)
    except Refusal as no:
        return no


def _fee(lines: Sequence[PricedLine], fee_of: ways.FeeOf) -> Freight | Refusal:
    try:
        fee = fee_of(lines[0].offer.kind, lines)
    except Refusal as no:
        return no
    return Freight(fee.amount, Reason(fee.code, fee.facts))


def _part(lines: tuple[PricedLine, ...], freight: Freight) -> MerchantPart:
    first = lines[0].offer
    goods = sum(line.amount for line in lines)
    return MerchantPart(
        first.merchant_id,
        first.merchant_name,
        lines,
        goods,
        freight.amount,
        freight.reason,
        goods + freight.amount,
        sum(portion(line.amount, line.offer.commission_bp, 10_000) for line in lines),
    )
