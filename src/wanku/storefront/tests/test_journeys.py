"""Searching journeys, and choosing a departure on its product's page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Shop, variant_of
from tests.seats import seated, wish
from wanku.access.actor import Actor
from wanku.kinds.seat.tests.world import STARTS, departure_of, seat_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser() -> Client:
    """Somebody who reads English."""
    return Client(HTTP_ACCEPT_LANGUAGE="en")


def test_what_fits_and_where_to_choose_it(browser: Client, bo: Shop, ann_actor: Actor) -> None:
    product = seat_product(bo)
    row = departure_of(product, minimum=5)
    seated(ann_actor, wish(row, 2))
    page = browser.get("/journeys?from=上海&to=东京&day=2026-12-01&people=2&budget=700").content.decode()
    assert "上海 → 东京" in page and "3 travellers are still missing" in page and "¥680" in page
    chosen = f"choice.departure={row.pk}&amp;quantity=2&amp;variant={variant_of(product).pk}#departures"
    assert chosen in page
    assert "No journey fits" in browser.get("/journeys?budget=10").content.decode()
    assert "No journeys yet" not in browser.get("/journeys?day=2026-12-01").content.decode()


def test_strange_questions_are_no_errors(browser: Client, bo: Shop) -> None:
    departure_of(seat_product(bo))
    page = browser.get("/journeys?day=soon&people=²&budget=lots&sort=x&page=zz").content.decode()
    assert "Choose a day." in page and "Type an amount" in page and "上海 → 东京" in page


def test_a_page_in_a_fixed_number_of_statements(browser: Client, bo: Shop) -> None:
    product = seat_product(bo)
    departure_of(product)
    browser.get("/journeys")
    with CaptureQueriesContext(connection) as few:
        browser.get("/journeys")
    for day in range(1, 15):
        departure_of(product, starts_at=STARTS + timedelta(days=day))
    with CaptureQueriesContext(connection) as many:
        browser.get("/journeys")
    assert len(many) == len(few)


def test_choosing_on_the_page_of_the_product(browser: Client, bo: Shop, ann_actor: Actor) -> None:
    product = seat_product(bo)
    row = departure_of(product, minimum=5, fares=[None, 150000])
    departure_of(product, starts_at=STARTS + timedelta(days=1), seats=0)
    seated(ann_actor, wish(row, 2))
    address = f"/p/bo/{product.slug}/"
    page = browser.get(address).content.decode()
    assert "3 travellers are still missing" in page and "full" in page
    second = variant_of(product, 1).pk
    chosen = browser.get(f"{address}?variant={second}&choice.departure={row.pk}&quantity=2").content.decode()
    assert "¥3,000" in chosen and "Fare on Fri 11 Dec 2026" in chosen and "UTC+8 → UTC+9" in chosen
    later = browser.get(f"{address}?from_day=2026-12-12").content.decode()
    assert f'value="{row.pk}"' not in later


def test_a_document_is_judged_while_typing(browser: Client) -> None:
    base = "details.0.travellers.1"
    typed = {f"{base}.name": "王小明", f"{base}.document": "resident", f"{base}.number": "110101199003070135"}
    assert "not a valid identity card number" in browser.post("/journeys/traveller", typed).content.decode()
    right = browser.post("/journeys/traveller", {**typed, f"{base}.number": "110101199003070134"})
    assert right.content.decode().strip() == ""
    assert browser.post("/journeys/traveller", {"details.0.travellers.0.name": "x" * 5000}).status_code == 200
