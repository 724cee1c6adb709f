"""A kitchen for tests: open, with a menu and the counters that its calendar opens."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import uuid4

from tests.bought import pay
from tests.cast import ADDRESS, product_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.inventory.open_counters import open_counters
from wanku.kinds.meal.counters import wanted_counters
from wanku.kinds.meal.models import Dish, Group, Kitchen, Opening, Option, Table, Zone
from wanku.merchants.models import Merchant
from wanku.orders.models import Order, Trade
from wanku.pricing.quote import Wish

LUNCH = datetime(2026, 11, 11, 3, 30, tzinfo=UTC)
"""Half past eleven of a Wednesday in Shanghai."""
NEAR = {"province": "浙江省", "city": "杭州市"}


def kitchen_of(
    merchant: Merchant,
    *,
    capacity: int = 10,
    opens: time = time(11),
    closes: time = time(21),
    fee: int = 500,
    minimum: int = 2000,
    **fields: Any,
) -> Kitchen:
    """A kitchen that is open every day, delivers in two zones, hands out, and has a table."""
    kitchen = Kitchen.objects.create(
        merchant=merchant, **{"capacity": capacity, "prepare_minutes": 20, "serves": True, **fields}
    )
    Opening.objects.bulk_create(Opening(merchant=merchant, weekday=day, opens=opens, closes=closes) for day in range(7))
    Zone.objects.create(
        merchant=merchant, name="西湖", districts=["西湖区"], fee=fee, minimum=minimum, minutes=30, **NEAR
    )
    Zone.objects.create(
        merchant=merchant, name="全城", fee=2 * fee, minimum=2 * minimum, minutes=50, position=1, **NEAR
    )
    Table.objects.create(merchant=merchant, name="A1", token=f"table-{merchant.pk}-a1")
    return kitchen


def dish_of(
    merchant: Merchant,
    title: str = "番茄牛腩面",
    *,
    prices: Sequence[int] = (2800,),
    portions: int | None = None,
    groups: Iterable[tuple[str, int, int, Sequence[tuple[str, int]]]] = (),
    **fields: Any,
) -> Dish:
    """A dish on the menu. Groups are a name, least, most, and options with their prices."""
    product: Product = product_of(merchant, title, prices=prices, stock=0, kind="meal", **fields)
    dish = Dish.objects.create(product=product, merchant=merchant, portions=portions)
    for place, (name, least, most, options) in enumerate(groups):
        group = Group.objects.create(dish=dish, merchant=merchant, name=name, least=least, most=most, position=place)
        for at, (option, price) in enumerate(options):
            Option.objects.create(group=group, merchant=merchant, name=option, price=price, position=at)
    return dish


def open_kitchen(merchant: Merchant, now: datetime = LUNCH) -> None:
    """Make the counters of the days ahead."""
    open_counters(merchant.pk, wanted_counters(merchant.pk, now=now), because="calendar", by_id=None, now=now)


def meal_wish(dish: Dish, quantity: int = 1, *, at: str = "2026-11-11T04:00Z", **choice: Any) -> Wish:
    """Portions of a dish, fetched at noon unless it is said otherwise."""
    return Wish(
        variant_of(dish.product).pk, quantity, choice=json.dumps({"at": at, "way": "pickup", **choice}, sort_keys=True)
    )


def meal_checkout(wishes: Sequence[Wish], actor: Actor, total: int, *, key: str = "", **fields: Any) -> Checkout:
    """A checkout of food."""
    told = {"contact": Contact("安", "13800138000", "ann@example.com"), "address": ADDRESS, "agreed_total": total}
    return Checkout(actor=actor, key=f"meal-{key or uuid4().hex[:12]:0>12}", wishes=tuple(wishes), **{**told, **fields})


def ordered(wishes: Sequence[Wish], actor: Actor, total: int, *, now: datetime = LUNCH) -> Order:
    """Food that is paid and waits to be accepted."""
    placed = place_order(meal_checkout(wishes, actor, total), now=now)
    trade = Trade.objects.get(pk=placed.trade_id)
    pay(trade, now=now)
    return Order.objects.get(trade=trade)
