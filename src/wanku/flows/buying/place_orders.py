"""Placing orders: lock, decide, write, for a batch of checkouts in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from wanku.audit.rules import due
from wanku.flows.buying import _rows, _sql
from wanku.flows.buying._checkout import Checkout, tidy
from wanku.kernel.money import Money
from wanku.kernel.refusal import KEY_REUSED, Code, Refusal, gettext_noop, refuse_all
from wanku.pricing.load import load_offers, load_templates
from wanku.pricing.quote import Offer, Quote, quote, short

PRICE_CHANGED = Code(
    "price_changed", gettext_noop("The total is now %(total)s. Please look at it again before you order."), 409
)


@dataclass(frozen=True, slots=True)
class Placed:
    """The trade that a checkout became; ``repeated`` when an earlier submission had already made it."""

    trade_id: UUID
    number: str
    amount: int
    currency: str
    repeated: bool = False


def place_orders(batch: Sequence[Checkout], *, now: datetime) -> list[Placed | Refusal]:
    """Place checkouts in order of arrival; each is accepted or refused by itself.

    All effects are committed when this returns; a refusal means that its checkout changed nothing.
    """
    tidied = [tidy(checkout) for checkout in batch]
    offers = load_offers([w.variant_id for checkout, _ in tidied for w in checkout.wishes])
    templates = load_templates(offers.values())
    answers: dict[int, Placed | Refusal] = {}
    with transaction.atomic():
        pairs = [(checkout.scope, checkout.key) for checkout, _ in tidied]
        _sql.lock_keys(pairs)
        known = _sql.known_trades(pairs)
        free = _sql.lock_supplies({offer.supply_id for offer in offers.values()})
        taken: dict[int, int] = {}
        writing: list[_rows.Accepted] = []
        for index, (checkout, faults) in enumerate(tidied):
            pair = (checkout.scope, checkout.key)
            try:
                if pair in known:
                    answers[index] = _again(checkout, known[pair])
                    continue
                refuse_all(faults)
                priced = quote(
                    checkout.wishes,
                    offers,
                    templates,
                    province=checkout.address["province"],
                    count_stock=False,
                )
                demand = _decide(checkout, priced, free, taken)
            except Refusal as refusal:
                answers[index] = refusal
                continue
            for supply_id, quantity in demand.items():
                taken[supply_id] = taken.get(supply_id, 0) + quantity
            accepted = _rows.accept(checkout, priced, now=now, due_at=due("pay_goods", now))
            writing.append(accepted)
            answers[index] = placed = Placed(accepted.trade_id, accepted.number, priced.total, priced.currency)
            known[pair] = (placed.trade_id, placed.number, placed.amount, placed.currency, checkout.fingerprint())
        if writing:
            _sql.take_supplies(taken, now)
            _rows.write(writing)
    return [answers[index] for index in range(len(batch))]


def _decide(checkout: Checkout, priced: Quote, free: Mapping[int, int], taken: Mapping[int, int]) -> dict[int, int]:
    """What the checkout takes from each supply, decided against the locked counters.

    Raises:
        Refusal: it cannot be had, or not for the total that the buyer saw.
    """
    refusals = list(priced.refusals)
    demand: dict[int, int] = {}
    for part in priced.parts:
        for line in part.lines:
            offer: Offer = line.offer
            demand[offer.supply_id] = demand.get(offer.supply_id, 0) + line.quantity
            left = free.get(offer.supply_id, 0) - taken.get(offer.supply_id, 0)
            if demand[offer.supply_id] > left:
                refusals.append(short(offer.title, left, f"lines.{line.index}.quantity"))
    refuse_all(refusals)
    if priced.total != checkout.agreed_total:
        raise Refusal(PRICE_CHANGED, field="agreed_total", total=Money(priced.total, priced.currency))
    return demand


def _again(checkout: Checkout, row: tuple[Any, ...]) -> Placed:
    trade_id, number, amount, currency, fingerprint = row
    if bytes(fingerprint) != checkout.fingerprint():
        raise Refusal(KEY_REUSED, field="key")
    return Placed(trade_id, number, amount, currency, repeated=True)
