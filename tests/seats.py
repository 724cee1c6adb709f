"""Seats that were really ordered, for tests of what comes after."""

import json
from datetime import datetime
from uuid import uuid4

from tests.bought import pay
from tests.cast import NOW, variant_of
from wanku.access.actor import Actor
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.tests.world import CARDS
from wanku.orders.models import Order, Trade
from wanku.pricing.load import load_quote
from wanku.pricing.quote import Wish

NAMES = ("王小明", "李雷", "韩梅梅")


def travellers(seats: int) -> str:
    """Details for so many seats; beyond three with made-up passports."""
    people: list[dict[str, str]] = []
    for n in range(seats):
        if n < len(CARDS):
            people.append({"name": NAMES[n], "document": "resident", "number": CARDS[n]})
        else:
            passport = {"document": "passport", "number": f"E{n:08d}", "birth_date": "1990-01-01"}
            people.append({"name": f"Traveller {n}", **passport})
    return json.dumps({"travellers": people})


def wish(row: Departure, seats: int = 1, *, index: int = 0) -> Wish:
    """Seats in one cabin of a departure, with their travellers."""
    choice = json.dumps({"departure": row.pk})
    return Wish(variant_of(row.product, index).pk, seats, choice=choice, details=travellers(seats))


def checkout(actor: Actor, *wishes: Wish, now: datetime = NOW) -> Checkout:
    """What a buyer sends."""
    total = load_quote(wishes, address=None, now=now).total
    contact = Contact("安小姐", "13800138000", "ann@example.com")
    return Checkout(actor=actor, wishes=wishes, address={}, contact=contact, agreed_total=total, key=uuid4().hex)


def reserved(actor: Actor, *wishes: Wish, now: datetime = NOW) -> Trade:
    """Seats that are ordered and not paid."""
    return Trade.objects.get(pk=place_order(checkout(actor, *wishes, now=now), now=now).trade_id)


def seated(actor: Actor, *wishes: Wish, now: datetime = NOW) -> Order:
    """Paid seats on one departure."""
    trade = reserved(actor, *wishes, now=now)
    pay(trade, now=now)
    return Order.objects.select_related("trade", "merchant").get(trade=trade)
