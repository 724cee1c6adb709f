"""Looking for a place to stay."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Shop
from wanku.inventory.models import Supply
from wanku.kinds.stay.models import Place
from wanku.kinds.stay.tests.houses import house_of
from wanku.storefront.read.cards import product_url

pytestmark = pytest.mark.django_db
TODAY = timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
FIRST = TODAY + timedelta(days=3)


def asked(client: Client, **fields: Any) -> Any:
    typed = {"to": "杭州", "check_in": FIRST, "check_out": FIRST + timedelta(days=2), "adults": 2}
    return client.get("/stays", {**typed, **fields}).context["found"]


def test_what_is_free_for_all_nights_with_the_price_of_all(client: Client, bo: Shop, cy: Shop) -> None:
    house = house_of(bo.merchant, first=TODAY)
    house_of(cy.merchant, prices=(99_900,), first=TODAY)
    cards = asked(client).cards
    assert [(card.total.amount, card.per_night.amount) for card in cards] == [(100_000, 50_000), (199_800, 99_900)]
    assert f"choice.check_in={FIRST}" in cards[0].url
    page = client.get("/stays", {"to": "杭州", "check_in": str(FIRST), "check_out": str(FIRST + timedelta(days=2))})
    assert "¥1,000.00" in page.content.decode()
    assert [card.total.amount for card in asked(client, rooms=2, adults=3).cards] == [240_000, 439_600]
    assert [card.total.amount for card in asked(client, budget="2,000").cards] == [100_000, 199_800]
    assert [card.total.amount for card in asked(client, budget="1500").cards] == [100_000]
    Supply.objects.filter(merchant=bo.merchant, key__endswith=f"{FIRST}").update(free=0, sold=2)
    assert [card.found.house.merchant for card in asked(client).cards] == [cy.merchant]
    assert house.pk not in {card.found.house.pk for card in asked(client).cards}


def test_destinations_by_any_of_their_names(client: Client, bo: Shop) -> None:
    house_of(bo.merchant, first=TODAY)
    Place.objects.update(names={"en": "Hangzhou"})
    for words in ("杭州", "Hangzhou", " hangzhou ", str(Place.objects.get().pk)):
        assert len(asked(client, to=words).cards) == 1
    assert asked(client, to="Atlantis").cards == []
    assert client.get("/stays", {"to": "Atlantis"}).status_code == 200
    assert [place.houses for place in asked(client, to="").places] == [1]


def test_a_hidden_destination_is_not_offered(client: Client, bo: Shop) -> None:
    house = house_of(bo.merchant, first=TODAY)
    key = str(house.place_id)
    Place.objects.update(is_hidden=True)
    for words in ("杭州", key):
        found = asked(client, to=words)
        assert (found.places, found.place, found.cards) == ([], None, [])
    assert client.get(product_url(house.product)).status_code == 200


def test_strange_values_ask_for_nothing(client: Client, bo: Shop) -> None:
    house_of(bo.merchant, first=TODAY)
    for odd in (
        {"check_in": "x"},
        {"adults": "-1"},
        {"rooms": "9" * 30},
        {"with": "moat"},
        {"check_out": "0001-01-01"},
    ):
        assert client.get("/stays", {"to": "杭州", **odd}).status_code == 200
    found = asked(client, budget="lots")
    assert (found.budget_wrong, len(found.cards)) == (True, 1)


def test_it_asks_a_fixed_number_of_times(client: Client, bo: Shop) -> None:
    house_of(bo.merchant, first=TODAY)
    asked(client)

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            asked(client)
        return len(queries)

    before = counted()
    for _ in range(3):
        house_of(bo.merchant, first=TODAY)
    assert counted() == before <= 12
