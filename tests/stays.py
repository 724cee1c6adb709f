"""Stays that are really ordered and really paid, for tests of what comes after."""

import json
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from tests.bought import pay
from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.inventory.models import Supply
from wanku.kinds.stay.models import RoomType
from wanku.kinds.stay.prices import ONE_DAY, supply_key
from wanku.orders.models import Order, Trade
from wanku.pricing.load import load_quote
from wanku.pricing.quote import Wish

FIRST = date(2026, 11, 20)


def stay_choice(first: date = FIRST, nights: int = 2, **fields: Any) -> str:
    """The choice of a stay."""
    told = {"check_in": first.isoformat(), "check_out": (first + nights * ONE_DAY).isoformat(), "adults": 2}
    return json.dumps({**told, **fields})


def stay_wish(room: RoomType, first: date = FIRST, nights: int = 2, *, rooms: int = 1, **fields: Any) -> Wish:
    """Nights in the cheapest rate of a room type."""
    rate = room.rates.order_by("pk")[0]
    details = json.dumps({"guest": "安小姐"})
    return Wish(rate.pk, rooms, choice=stay_choice(first, nights, **fields), details=details)


def stay_checkout(wish: Wish, actor: Actor, key: str, *, now: datetime = NOW) -> Checkout:
    """A checkout of one stay; no address is asked for."""
    total = load_quote((wish,), address=None, now=now).total
    contact = Contact("安小姐", "13800138000", "ann@example.com")
    return Checkout(
        actor=actor, key=f"stay-{key:0>12}", wishes=(wish,), contact=contact, address={}, agreed_total=total
    )


def stayed(room: RoomType, actor: Actor, first: date = FIRST, nights: int = 2, **fields: Any) -> Order:
    """A stay that is paid and confirmed."""
    now = fields.pop("now", NOW)
    wish = stay_wish(room, first, nights, **fields)
    trade = Trade.objects.get(pk=place_order(stay_checkout(wish, actor, uuid4().hex[:12], now=now), now=now).trade_id)
    pay(trade, now=now)
    return Order.objects.get(trade=trade)


def nights_left(room: RoomType, first: date = FIRST, nights: int = 4) -> list[tuple[int, int, int]]:
    """Free, held and sold rooms by night."""
    keys = [supply_key(room.pk, first + n * ONE_DAY) for n in range(nights)]
    found = {supply.key: supply for supply in Supply.objects.filter(key__in=keys)}
    return [(found[key].free, found[key].held, found[key].sold) for key in keys]
