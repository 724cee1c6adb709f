"""A service that can be booked: people with hours, skills and counters, for tests of visits."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.bought import pay
from tests.cast import ADDRESS, NOW, product_of, variant_of
from tests.cast import Shop as Seller
from wanku.access.actor import Actor
from wanku.catalog.models import Product, Variant
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.inventory.models import Supply
from wanku.kinds.visit.models import Item, Longer, Service, Skill, WeekHours, Worker
from wanku.kinds.visit.quarters import open_quarters
from wanku.orders.models import Order, Trade
from wanku.pricing.quote import Wish

TOMORROW = date(2026, 11, 12)
"""A Thursday."""
TEN = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai, the day after `tests.cast.NOW`."""
PRICE = 20_000


@dataclass(frozen=True, slots=True)
class Salon:
    """A service of Bo's with those who do it."""

    product: Product
    variant: Variant
    people: Sequence[Worker]

    @property
    def service(self) -> Service:
        """How it is booked, as it is now."""
        return Service.objects.get(product=self.product)


def salon_of(seller: Seller, *names: str, quarters: int = 8, now: datetime = NOW, **service: Any) -> Salon:
    """A service of two hours with people from nine to six, a break at noon; half an hour of an add-on besides."""
    product = product_of(seller.merchant, "深度保洁", kind="visit", prices=(PRICE,), stock=0, add_ons=(("擦窗", 3000),))
    variant = variant_of(product)
    told = {"place": "home", "step": 2, "lead_minutes": 60, "days_ahead": 14, "cancellation": [{"hours": 4, "bp": 0}]}
    Service.objects.create(product=product, merchant=seller.merchant, **{**told, **service})
    Item.objects.create(variant=variant, merchant=seller.merchant, quarters=quarters)
    add_on = product.add_ons.get()
    Longer.objects.create(add_on=add_on, merchant=seller.merchant, quarters=2)
    people = [worker_of(seller, name, variant, position) for position, name in enumerate(names or ("阿姨王", "阿姨李"))]
    open_quarters(people, by_id=None, now=now)
    return Salon(product, variant, people)


def worker_of(seller: Seller, name: str, variant: Variant, position: int = 0) -> Worker:
    """Somebody from nine to six every day, with half an hour on the road."""
    worker = Worker.objects.create(merchant=seller.merchant, name=name, position=position, travel_before=2)
    Skill.objects.create(worker=worker, variant=variant)
    for weekday in range(7):
        WeekHours.objects.create(worker=worker, weekday=weekday, opens=540, closes=1080)
        WeekHours.objects.create(worker=worker, weekday=weekday, opens=720, closes=780, is_break=True)
    return worker


def wish_of(salon: Salon, at: datetime = TEN, worker: Worker | None = None, add_ons: tuple[int, ...] = ()) -> Wish:
    """Two hours at a time, of somebody or of anyone."""
    choice = {"at": at.isoformat(), "worker": worker.pk if worker else None}
    return Wish(salon.variant.pk, 1, add_ons, choice=json.dumps(choice))


def visit_checkout(wish: Wish, actor: Actor, key: str, total: int = PRICE, **fields: Any) -> Checkout:
    """A checkout of one visit at home."""
    told = {"contact": Contact("安", "13800138000", "ann@example.com"), "address": ADDRESS, "agreed_total": total}
    return Checkout(actor=actor, key=f"test-{key:0>12}", wishes=(wish,), **{**told, **fields})


def hours_of(worker: Worker, day: date = TOMORROW) -> dict[str, int]:
    """Quarters of a day in Shanghai by what became of them: ``free``, ``held``, ``sold``."""
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
    moments = [first + timedelta(minutes=15 * n) for n in range(96)]
    rows = Supply.objects.filter(key__in=[f"hour:{worker.pk}:{moment:%Y%m%dT%H%MZ}" for moment in moments])
    return {name: sum(getattr(row, name) for row in rows) for name in ("free", "held", "sold")}


def booked(salon: Salon, actor: Actor, at: datetime = TEN, *, now: datetime = NOW, **fields: Any) -> Order:
    """A visit that is paid and waits to be accepted.

    Args:
        fields: of `wish_of` (``worker``, ``add_ons``) and, as ``details``, what the checkout asks.
    """
    details = json.dumps(fields.pop("details", {}))
    wish = replace(wish_of(salon, at, **fields), details=details)
    placed = place_order(visit_checkout(wish, actor, uuid4().hex[:12]), now=now)
    trade = Trade.objects.get(pk=placed.trade_id)
    pay(trade, now=now)
    return Order.objects.get(trade=trade)
