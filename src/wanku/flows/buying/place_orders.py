"""Placing orders: lock, decide, write, for a batch of checkouts in one transaction.

What it costs and why it is built so: `docs/decisions/0009-group-commit.md`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from wanku.audit.rules import due
from wanku.flows.buying import _rows, _sql
from wanku.flows.buying._checkout import Checkout, tidy
from wanku.flows.buying._gates import Gates
from wanku.inventory.gone import GONE
from wanku.kernel.money import Money
from wanku.kernel.refusal import KEY_REUSED, Code, Refusal, gettext_noop, refuse_all
from wanku.pricing.quote import Offer, Quote, quote, short
from wanku.pricing.shelf import Shelf

PRICE_CHANGED = Code(
    "price_changed", gettext_noop("The total is now %(total)s. Please look at it again before you order."), 409
)
SHELF: Final = Shelf()
"""What this process knows of the catalogue; checked against the shops' versions in each transaction."""
AGAIN: Final = ("trade_request_once", "orders_trade_number_key", "orders_order_number_key")
"""Guards of the database that say "look again": a key that was written elsewhere since we looked and now has its
answer, or a random number that was drawn before (once in a day of 100,000 orders)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The trade that a checkout became; ``repeated`` when an earlier submission had already made it."""

    trade_id: UUID
    number: str
    amount: int
    currency: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A checkout of the batch with what is wrong with its form, and its fingerprint."""

    checkout: Checkout
    faults: Sequence[Refusal]
    fingerprint: bytes
    pair: tuple[str, str]


def place_orders(batch: Sequence[Checkout], *, now: datetime) -> list[Placed | Refusal]:
    """Place checkouts in order of arrival; each is accepted or refused by itself.

    All effects are committed when this returns; a refusal means that its checkout changed nothing.
    """
    if not batch:
        return []
    asked = [_asked(checkout) for checkout in batch]
    offers = SHELF.offers([wish.variant_id for each in asked for wish in each.checkout.wishes])
    gone = GONE.among({offer.supply_id for offer in offers.values()})
    if gone and all(_wants(each, offers, gone) for each in asked):
        return _turn_away(asked, offers, gone)
    try:
        return _place(asked, offers, now)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") not in AGAIN:
            raise
        return _place(asked, offers, now)


def _asked(checkout: Checkout) -> Asked:
    tidied, faults = tidy(checkout)
    return Asked(tidied, faults, tidied.fingerprint(), (tidied.scope, tidied.key))


def _place(asked: Sequence[Asked], offers: Mapping[int, Offer], now: datetime) -> list[Placed | Refusal]:
    with transaction.atomic():
        known = _sql.known_trades([each.pair for each in asked])
        free = _sql.lock_supplies({offer.supply_id for offer in offers.values()})
        fresh = _fresh(offers)
        gates = Gates.lock([each.checkout for each in asked], fresh)
        answers, accepted, taken = _decide(asked, known, fresh, free, gates, now)
        if accepted:
            _rows.write(accepted, taken, now)
            gates.write(now)
    GONE.learn(
        {supply: pieces - taken.get(supply, 0) for supply, pieces in free.items()}, _short(asked, fresh, answers)
    )
    return answers


def _fresh(offers: Mapping[int, Offer]) -> Mapping[int, Offer]:
    """The offers, with those of shops that changed since they were read taken anew."""
    versions = _sql.shop_versions({offer.merchant_id for offer in offers.values()})
    stale = SHELF.stale(offers, versions)
    return {**offers, **SHELF.refresh(stale)} if stale else offers


def _decide(
    asked: Sequence[Asked],
    known: dict[tuple[str, str], tuple[Any, ...]],
    offers: Mapping[int, Offer],
    free: Mapping[int, int],
    gates: Gates,
    now: datetime,
) -> tuple[list[Placed | Refusal], list[_rows.Accepted], dict[int, int]]:
    """Answer everybody in order of arrival; what is accepted and which pieces it takes."""
    templates = SHELF.templates({offer.merchant_id for offer in offers.values()})
    answers: list[Placed | Refusal] = []
    accepted: list[_rows.Accepted] = []
    taken: dict[int, int] = {}
    until = due("pay_goods", now)
    for each in asked:
        checkout = each.checkout
        try:
            if each.pair in known:
                answers.append(_again(each, known[each.pair]))
                continue
            refuse_all(each.faults)
            province = checkout.address["province"]
            priced = quote(checkout.wishes, offers, templates, province=province, count_stock=False)
            gates.check(checkout, priced)
            demand = _demand(checkout, priced, free, taken)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        for supply_id, quantity in demand.items():
            taken[supply_id] = taken.get(supply_id, 0) + quantity
        new = _rows.accept(checkout, each.fingerprint, priced, now=now, due_at=until)
        accepted.append(new)
        gates.enter(checkout, priced, UUID(new.trade_id))
        answers.append(Placed(UUID(new.trade_id), new.number, priced.total, priced.currency))
        known[each.pair] = (UUID(new.trade_id), new.number, priced.total, priced.currency, each.fingerprint)
    return answers, accepted, taken


def _demand(checkout: Checkout, priced: Quote, free: Mapping[int, int], taken: Mapping[int, int]) -> dict[int, int]:
    """What the checkout takes from each supply, decided against the locked counters.

    Raises:
        Refusal: it cannot be had, or not for the total that the buyer saw.
    """
    refusals = list(priced.refusals)
    demand: dict[int, int] = {}
    for part in priced.parts:
        for line in part.lines:
            offer = line.offer
            demand[offer.supply_id] = demand.get(offer.supply_id, 0) + line.quantity
            left = free.get(offer.supply_id, 0) - taken.get(offer.supply_id, 0)
            if demand[offer.supply_id] > left:
                refusals.append(short(offer.title, left, f"lines.{line.index}.quantity"))
    refuse_all(refusals)
    if priced.total != checkout.agreed_total:
        raise Refusal(PRICE_CHANGED, field="agreed_total", total=Money(priced.total, priced.currency))
    return demand


def _again(each: Asked, row: tuple[Any, ...]) -> Placed:
    trade_id, number, amount, currency, fingerprint = row
    if bytes(fingerprint) != each.fingerprint:
        raise Refusal(KEY_REUSED, field="key")
    return Placed(trade_id, number, amount, currency, repeated=True)


def _turn_away(asked: Sequence[Asked], offers: Mapping[int, Offer], gone: Collection[int]) -> list[Placed | Refusal]:
    """Refuse a crowd that wants what is sold out, without locking a row.

    One reading remains for all of them: whoever lost the answer to an accepted order must hear of that order.
    """
    known = _sql.known_trades([each.pair for each in asked])
    answers: list[Placed | Refusal] = []
    for each in asked:
        try:
            if each.pair in known:
                answers.append(_again(each, known[each.pair]))
                continue
            refuse_all(_wants(each, offers, gone))
        except Refusal as refusal:
            answers.append(refusal)
    return answers


def _wants(each: Asked, offers: Mapping[int, Offer], supplies: Collection[int]) -> list[Refusal]:
    """A refusal for each line of a checkout that asks for one of these counters."""
    wishes = enumerate(each.checkout.wishes)
    found = [(index, offers[wish.variant_id]) for index, wish in wishes if wish.variant_id in offers]
    return [short(offer.title, 0, f"lines.{index}.quantity") for index, offer in found if offer.supply_id in supplies]


def _short(asked: Sequence[Asked], offers: Mapping[int, Offer], answers: Sequence[Placed | Refusal]) -> dict[int, int]:
    """How many of the refused wanted each counter."""
    counts: dict[int, int] = {}
    for each, answer in zip(asked, answers, strict=True):
        if isinstance(answer, Refusal):
            for wish in each.checkout.wishes:
                if wish.variant_id in offers:
                    supply = offers[wish.variant_id].supply_id
                    counts[supply] = counts.get(supply, 0) + 1
    return counts
