"""A sale of two orders, ready to be paid at the sandbox bank, and readings of what became of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import time_machine

from tests.bank import Bank
from tests.cast import ADDRESS, NOW, Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.flows.buying.place_order import Checkout, Contact, Placed, place_order
from wanku.flows.paying.open_attempt import open_attempt
from wanku.ledger.models import Posting
from wanku.orders.models import Order, Trade
from wanku.payments.models import Attempt
from wanku.pricing.quote import Wish

__all__ = ["Sale", "balance", "notice", "paid"]


@dataclass
class Sale:
    """A placed trade: two teapots of Bo and a bag of Cy."""

    placed: Placed
    actor: Actor
    tea: Variant
    bag: Variant

    @property
    def trade(self) -> Trade:
        """The trade as it is in the database now."""
        return Trade.objects.get(pk=self.placed.trade_id)

    def order_of(self, shop: Shop) -> Order:
        """One shop's order as it is now."""
        return Order.objects.get(trade=self.trade, merchant=shop.merchant)

    def attempt(self, now: datetime = NOW) -> Attempt:
        """Start to pay."""
        return open_attempt(self.placed.trade_id, gateway="sandbox", method="page", actor=self.actor, now=now)


@pytest.fixture
def ten_in_the_morning() -> Iterator[None]:
    """Signatures carry the time of the wire; the flows get theirs from the test."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sale(ten_in_the_morning: None, guest_actor: Actor, bo: Shop, cy: Shop) -> Sale:
    """Placed and not paid."""
    tea, bag = variant_of(product_of(bo.merchant)), variant_of(product_of(cy.merchant, prices=(12_000,)))
    checkout = Checkout(
        actor=guest_actor,
        key="key-00000001",
        wishes=(Wish(tea.pk, 2), Wish(bag.pk, 1)),
        contact=Contact("安", "13800138000"),
        address=ADDRESS,
        agreed_total=31_800,
    )
    return Sale(place_order(checkout, now=NOW), guest_actor, tea, bag)


def balance(account: str) -> int:
    """The sum of an account's postings, minor units."""
    return sum(Posting.objects.filter(account=account).values_list("amount", flat=True))


def notice(number: str, **facts: Any) -> bytes:
    """What the bank would say of a payment of the sale."""
    body = {"event_id": "E1", "number": number, "ref": "P1", "state": "paid", "amount": 31_800, "currency": "CNY"}
    return json.dumps({**body, **facts}).encode()


def paid(bank: Bank, sale: Sale) -> None:
    """Pay the sale."""
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW)
