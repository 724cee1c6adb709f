"""What a list narrowed to what is in stock holds: goods by their stock, other kinds by what is free some day ahead."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Shop, product_of
from tests.kitchen import dish_of, kitchen_of, open_kitchen
from tests.visits import salon_of
from wanku.catalog.index import index_all
from wanku.catalog.models import Product, Variant
from wanku.inventory.models import Supply
from wanku.kinds.issue.models import Source
from wanku.kinds.issue.tests.selling import plan_of
from wanku.kinds.meal.models import Dish
from wanku.kinds.registry import to_be_had
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.tests.world import STARTS, departure_of, seat_product
from wanku.kinds.stay.models import Night, Rate, RoomType
from wanku.kinds.stay.tests.houses import house_of
from wanku.kinds.visit.models import Service, Worker
from wanku.storefront.read.cards import cards, for_cards
from wanku.storefront.read.shown import ShownCards

pytestmark = pytest.mark.django_db


def is_there(product: Product, **later: Any) -> bool:
    """Whether the list holds it."""
    return Product.objects.filter(to_be_had(now=NOW + timedelta(**later)), pk=product.pk).exists()


def sold_out(prefix: str) -> None:
    """Nothing is left of these counters."""
    found = Supply.objects.filter(key__startswith=prefix)
    assert found.update(free=0, put_in=0)


def test_goods_and_pools_of_codes(bo: Shop) -> None:
    pot, none = product_of(bo.merchant, stock=1), product_of(bo.merchant, stock=0)
    assert is_there(pot) and not is_there(none)
    plans = [plan_of(bo.merchant, source=source, stock=stock) for source in Source for stock in (2, 0)]
    assert [is_there(plan.variant.product) for plan in plans] == [True, False] * 2
    Variant.objects.filter(pk=plans[0].pk).update(is_active=False)
    assert not is_there(plans[0].variant.product)


def test_stays(bo: Shop) -> None:
    house = house_of(bo.merchant).product
    rooms = RoomType.objects.filter(property=house.pk)
    assert is_there(house)
    nights = Supply.objects.filter(key__startswith=f"night:{rooms[0].pk}:").order_by("key")
    last = nights.last()
    assert last is not None
    Supply.objects.filter(key__startswith="night:").update(free=0, put_in=0)
    assert not is_there(house)
    Supply.objects.filter(pk=last.pk).update(free=1, put_in=1)
    assert is_there(house)
    night = Night.objects.create(
        room=rooms[0], merchant=bo.merchant, date=date.fromisoformat(last.key.split(":")[2]), closed=True
    )
    assert not is_there(house)
    night.delete()
    assert not is_there(house, days=1000), "it is over by then"
    Variant.objects.filter(pk__in=Rate.objects.filter(room=rooms[0]).values("pk")).update(is_active=False)
    assert not is_there(house)


def test_a_free_night_of_yesterday_is_none(bo: Shop) -> None:
    """By the clock of the house, which is ahead of the world's."""
    house = house_of(bo.merchant).product
    Supply.objects.filter(key__startswith="night:").update(free=0, put_in=0)
    Supply.objects.filter(key__startswith="night:", key__endswith=":2026-11-11").update(free=1, put_in=1)
    assert is_there(house)
    assert is_there(house, hours=13)
    assert not is_there(house, hours=14), "midnight in Shanghai"


def test_seats(bo: Shop) -> None:
    product = seat_product(bo)
    assert not is_there(product)
    row = departure_of(product, seats=1)
    assert is_there(product)
    assert not is_there(product, days=29, hours=22), "sales are over"
    Departure.objects.filter(pk=row.pk).update(state="cancelled")
    assert not is_there(product)
    other = departure_of(product, seats=1, starts_at=STARTS + timedelta(days=1))
    assert is_there(product)
    sold_out(f"seat:{other.pk}:")
    assert not is_there(product)


def test_visits(bo: Shop) -> None:
    salon = salon_of(bo, "王")
    (worker,) = salon.people
    assert is_there(salon.product)
    assert not is_there(salon.product, days=40)
    Worker.objects.filter(pk=worker.pk).update(is_active=False)
    assert not is_there(salon.product)
    Worker.objects.filter(pk=worker.pk).update(is_active=True)
    sold_out(f"hour:{worker.pk}:")
    assert not is_there(salon.product)
    Supply.objects.filter(pk=Supply.objects.filter(key__startswith=f"hour:{worker.pk}:").order_by("-key")[0].pk).update(
        free=1, put_in=1
    )
    assert is_there(salon.product)
    Service.objects.filter(pk=salon.product.pk).delete()
    assert not is_there(salon.product)


def test_meals(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    noodles, dumplings = dish_of(bo.merchant), dish_of(bo.merchant, "饺子", portions=3)
    assert not is_there(noodles.product), "the kitchen never opened"
    open_kitchen(bo.merchant, NOW)
    assert is_there(noodles.product) and is_there(dumplings.product)
    sold_out(f"portion:{dumplings.pk}:")
    assert is_there(noodles.product) and not is_there(dumplings.product)
    assert not is_there(noodles.product, days=30)
    sold_out(f"kitchen:{bo.merchant.pk}:")
    assert not is_there(noodles.product)
    assert Dish.objects.count() == 2


def test_numbers_that_begin_alike_are_different_things(bo: Shop) -> None:
    """The nights of room 12 are none of room 1's."""
    house = house_of(bo.merchant).product
    room = RoomType.objects.filter(property=house.pk)[0]
    Supply.objects.filter(key__startswith="night:").update(free=0, put_in=0)
    Supply.objects.create(merchant=bo.merchant, key=f"night:{room.pk}0:2026-12-01", free=1, put_in=1)
    Supply.objects.create(merchant=bo.merchant, key=f"night:1{room.pk}:2026-12-01", free=1, put_in=1)
    assert not is_there(house)


@time_machine.travel(NOW, tick=True)
def test_the_page_costs_no_more_statements(client: Client, bo: Shop, cy: Shop) -> None:
    house, row = house_of(bo.merchant).product, departure_of(seat_product(bo, prices=(5000,)), seats=2)
    salon, plan = salon_of(cy), plan_of(cy.merchant)
    gone = departure_of(seat_product(bo), seats=0)
    index_all(Product.objects.all())
    client.get("/search")
    with CaptureQueriesContext(
        connection,
    ) as plain:
        client.get("/search?sort=newest")
    with CaptureQueriesContext(connection) as narrowed:
        text = client.get("/search?sort=newest&stock=1").text
    assert len(narrowed) == len(plain)
    assert text.count('<article class="product"') == 4
    for product in (house, row.product, salon.product, plan.variant.product):
        assert f"/{product.slug}/" in text
    assert f"/{gone.product.slug}/" not in text


def test_a_kept_grid_holds_while_nothing_that_it_counts_has_changed(bo: Shop) -> None:
    """Houses are not counted by variant: a grid with one is kept, and its goods are looked at."""
    house, pot = house_of(bo.merchant).product, product_of(bo.merchant, stock=1)
    [grid] = cards(for_cards(Product.objects.filter(pk__in=[house.pk, pot.pk])))
    assert {card.id: (card.counted, card.out) for card in grid} == {house.pk: (False, False), pot.pk: (True, False)}
    shown = ShownCards.of(grid)
    assert shown.holds()
    Supply.objects.filter(key__startswith="sku:").update(free=0, put_in=0)
    assert not shown.holds()
