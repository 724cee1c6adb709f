"""Journeys are found by place, day, people and budget."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Shop, variant_of
from wanku.catalog.models import Product
from wanku.inventory.models import Supply
from wanku.kinds.seat.models import Departure, SeatTerms
from wanku.kinds.seat.search import Sort, Sought, places, search
from wanku.kinds.seat.show import shown_of, with_cabins
from wanku.kinds.seat.states import CANCELLED, OPEN
from wanku.kinds.seat.tests.world import STARTS, departure_of, seat_product

pytestmark = pytest.mark.django_db


def found(**sought: Any) -> list[int]:
    """Ids in order."""
    return [row.pk for row in search(Sought(**sought), now=NOW)]


def test_by_place_day_and_order(bo: Shop, cy: Shop) -> None:
    first, second = seat_product(bo, prices=(90000,)), seat_product(cy, prices=(50000,))
    a = departure_of(first).pk
    b = departure_of(second, starts_at=STARTS + timedelta(days=1), ends_at=STARTS + timedelta(days=1, hours=2)).pk
    c = departure_of(second, origin="杭州西湖", destination="杭州西湖", starts_at=STARTS + timedelta(days=2)).pk
    assert found() == [a, b, c]
    assert found(origin="上海") == [a, b] and found(destination="西湖") == [c] and found(origin="成都") == []
    assert found(sort=Sort.PRICE) == [b, c, a] and found(sort=Sort.LENGTH) == [b, a, c]
    day = date(2026, 12, 12)
    assert found(day=day) == [b, c] and found(day=day, only_day=True) == [b]
    assert places() == ["上海", "东京", "杭州西湖"]


def test_the_day_is_the_one_on_the_clock_there(bo: Shop) -> None:
    """Ten in the evening UTC is the next morning in Shanghai, and still the evening before in New York."""
    product = seat_product(bo)
    at = datetime(2026, 12, 31, 22, tzinfo=UTC)
    east = departure_of(product, starts_at=at).pk
    west = departure_of(product, starts_at=at, origin="New York", zone_from="America/New_York").pk
    assert found(day=date(2027, 1, 1), only_day=True) == [east]
    assert found(day=date(2026, 12, 31), only_day=True) == [west]


def test_enough_seats_in_one_cabin_within_the_budget(bo: Shop) -> None:
    product = seat_product(bo, prices=(60000, 90000))
    row = departure_of(product, seats=5, fares=[None, 80000])
    Supply.objects.filter(key=row.key(variant_of(product).pk)).update(free=1, put_in=1)
    assert found(people=1, budget=60000) == [row.pk] and found(people=1, budget=59999) == []
    assert found(people=2, budget=60000) == [] and found(people=2, budget=80000) == [row.pk]
    assert found(people=6) == []


def test_only_what_can_be_bought(bo: Shop) -> None:
    product = seat_product(bo)
    row = departure_of(product)
    assert found() == [row.pk]
    departures, products = Departure.objects.filter(pk=row.pk), Product.objects.filter(pk=product.pk)
    departures.update(state=CANCELLED)
    assert found() == []
    departures.update(state=OPEN)
    products.update(state="off")
    assert found() == []
    products.update(state="on_sale")
    Departure.objects.filter(pk=row.pk).update(sale_until=NOW)
    assert found() == []
    Departure.objects.filter(pk=row.pk).update(sale_until=STARTS)
    SeatTerms.objects.all().delete()
    assert found() == []


def test_a_page_of_them_in_a_fixed_number_of_statements(bo: Shop) -> None:
    product = seat_product(bo)
    for day in range(6):
        departure_of(product, starts_at=STARTS + timedelta(days=day))
    with CaptureQueriesContext(connection) as asked:
        shown = shown_of(list(with_cabins(search(Sought(), now=NOW))))
    assert len(asked) == 3 and len(shown) == 6
