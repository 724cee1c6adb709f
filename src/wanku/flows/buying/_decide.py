"""Deciding who gets what, in order of arrival: pure, against counters and passes that the caller has locked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wanku.audit.rules import due
from wanku.flows.buying import _kinds, _rows
from wanku.flows.buying._checkout import Checkout
from wanku.flows.buying._gates import Gates
from wanku.kernel.money import Money
from wanku.kernel.refusal import KEY_REUSED, Code, Refusal, gettext_noop, refuse_all
from wanku.kinds.pick import Way
from wanku.kinds.registry import KINDS
from wanku.pricing.freight import Template
from wanku.pricing.load import fee_by
from wanku.pricing.quote import Offer, Quote, quote, short, unfree
from wanku.pricing.ways import NONE, Picks, first_way

PRICE_CHANGED = Code(
    "price_changed", gettext_noop("The total is now %(total)s. Please look at it again before you order."), 409
)
Pair = tuple[str, str]
"""Whose request key, and the key."""
Known = dict[Pair, tuple[Any, ...]]
"""Trades of earlier submissions: id, number, amount, currency, fingerprint."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The trade that a checkout became.

    Attributes:
        repeated: an earlier submission had already made it.
        written: what was written just now, for doors that answer with the whole; none for a repeat, whose trade may
            have gone on meanwhile.
    """

    trade_id: UUID
    number: str
    amount: int
    currency: str
    repeated: bool = False
    written: _rows.Accepted | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A checkout of the batch with what is wrong with its form, and its fingerprint.

    Attributes:
        address_faults: they count if something is to be brought anywhere.
    """

    checkout: Checkout
    faults: Sequence[Refusal]
    address_faults: Sequence[Refusal]
    fingerprint: bytes
    pair: Pair


@dataclass(slots=True)
class Decided:
    """What became of a batch: an answer for each, and what is to be written."""

    answers: list[Placed | Refusal] = field(default_factory=list)
    accepted: list[_rows.Accepted] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Locked:
    """What a batch is decided against.

    Attributes:
        prices: of each checkout, in order, of offers as they are now.
        free: pieces by counter, under lock.
        ids: the counters of kinds by key.
        made: what the kinds make of each checkout, in order.
        gates: what only some products ask for, under lock.
    """

    known: Known
    offers: Mapping[int, Offer]
    prices: Sequence[Quote | Refusal]
    free: Mapping[int, int]
    ids: Mapping[str, int]
    made: Sequence[_kinds.Made]
    gates: Gates


def decide(asked: Sequence[Asked], locked: Locked, *, now: datetime, due_at: datetime) -> Decided:
    """Answer everybody in order of arrival."""
    done = Decided()
    for index, each in enumerate(asked):
        try:
            done.answers.append(_answer(index, each, locked, done, now, due_at))
        except Refusal as refusal:
            done.answers.append(refusal)
    return done


def _answer(
    index: int, each: Asked, locked: Locked, done: Decided, now: datetime, due_at: datetime
) -> Placed | Refusal:
    """Accept one checkout, the batch's at ``index``.

    Raises:
        Refusal: and nothing of the batch has changed.
    """
    checkout = each.checkout
    if each.pair in locked.known:
        return again(each, locked.known[each.pair])
    made, priced = locked.made[index], locked.prices[index]
    if isinstance(priced, Refusal):
        raise priced
    locked.gates.check(checkout, priced)
    taking = _take(checkout, priced, locked, done.taken)
    if made:
        taking = replace(taking, sealed=_kinds.seal_details(checkout.wishes, priced, taking.ways))
        due_at = min(due(_pay_clock(part.kind), now) for part in priced.parts)
    for supply_id, quantity in taking.demand.items():
        done.taken[supply_id] = done.taken.get(supply_id, 0) + quantity
    new = _rows.accept(checkout, each.fingerprint, priced, taking, now=now, due_at=due_at)
    done.accepted.append(new)
    placed = Placed(UUID(new.trade_id), new.number, priced.total, priced.currency, written=new)
    locked.gates.enter(checkout, priced, placed.trade_id)
    locked.known[each.pair] = (placed.trade_id, new.number, priced.total, priced.currency, each.fingerprint)
    return placed


def price(
    asked: Sequence[Asked],
    made: Sequence[_kinds.Made],
    offers: Mapping[int, Offer],
    templates: Mapping[int, Template],
) -> list[Quote | Refusal]:
    """Price checkouts whose forms are in order, before anything is locked; stock is counted later."""
    prices: list[Quote | Refusal] = []
    for each, mine in zip(asked, made, strict=True):
        try:
            prices.append(_price(each, mine, offers, templates))
        except Refusal as refusal:
            prices.append(refusal)
    return prices


def _price(each: Asked, made: _kinds.Made, offers: Mapping[int, Offer], templates: Mapping[int, Template]) -> Quote:
    """Raises Refusal: its form is not in order."""
    checkout = each.checkout
    brought = not made or _kinds.needs_address(checkout.wishes, offers, made)
    refuse_all([*each.faults, *(each.address_faults if brought else ())])
    province = checkout.address["province"] or None
    picks = Picks(made, {}, fee_by(checkout.address)) if made else NONE
    return quote(checkout.wishes, offers, templates, province=province, count_stock=False, picks=picks)


def _take(checkout: Checkout, priced: Quote, locked: Locked, taken: Mapping[int, int]) -> _rows.Taken:
    """What the checkout takes from each supply, decided against the locked counters.

    Raises:
        Refusal: it cannot be had, or not for the total that the buyer saw.
    """
    refusals = list(priced.refusals)
    demand: dict[int, int] = {}
    ways: dict[int, Way] = {}

    def left(supply_id: int) -> int:
        return locked.free.get(supply_id, 0) - taken.get(supply_id, 0) - demand.get(supply_id, 0)

    def left_by_key(key: str) -> int:
        return left(locked.ids.get(key, 0))

    for line in (line for part in priced.parts for line in part.lines):
        offer = line.offer
        if line.pick is None:
            demand[offer.supply_id] = demand.get(offer.supply_id, 0) + line.quantity
            if left(offer.supply_id) < 0:
                others = locked.free.get(offer.supply_id, 0) - taken.get(offer.supply_id, 0)
                refusals.append(short(offer.title, others, f"lines.{line.index}.quantity"))
        elif way := first_way(line.pick, left_by_key):
            ways[line.index] = way
            for key, quantity in way.demand.items():
                demand[locked.ids[key]] = demand.get(locked.ids[key], 0) + quantity
        else:
            refusals.append(unfree(line, line.pick, left_by_key))
    refuse_all(refusals)
    if priced.total != checkout.agreed_total:
        raise Refusal(PRICE_CHANGED, field="agreed_total", total=Money(priced.total, priced.currency))
    return _rows.Taken(demand, ways, locked.ids)


def _pay_clock(kind: str) -> str:
    return KINDS[kind].pay_clock if kind in KINDS else "pay_goods"


def again(each: Asked, row: tuple[Any, ...]) -> Placed | Refusal:
    """What a repeated submission hears of its trade."""
    trade_id, number, amount, currency, fingerprint = row
    if bytes(fingerprint) != each.fingerprint:
        return Refusal(KEY_REUSED, field="key")
    return Placed(trade_id, number, amount, currency, repeated=True)


def wanted(checkout: Checkout, offers: Mapping[int, Offer], supplies: Collection[int]) -> list[Refusal]:
    """A refusal for each line of a checkout that asks for one of these counters."""
    wishes = enumerate(checkout.wishes)
    found = [(index, offers[wish.variant_id]) for index, wish in wishes if wish.variant_id in offers]
    return [short(offer.title, 0, f"lines.{index}.quantity") for index, offer in found if offer.supply_id in supplies]


def short_of(
    asked: Sequence[Asked], offers: Mapping[int, Offer], answers: Sequence[Placed | Refusal]
) -> dict[int, int]:
    """How many of the refused wanted each counter."""
    counts: dict[int, int] = {}
    for each, answer in zip(asked, answers, strict=True):
        if isinstance(answer, Refusal):
            for wish in each.checkout.wishes:
                if wish.variant_id in offers and offers[wish.variant_id].is_shipped:
                    supply = offers[wish.variant_id].supply_id
                    counts[supply] = counts.get(supply, 0) + 1
    return counts
