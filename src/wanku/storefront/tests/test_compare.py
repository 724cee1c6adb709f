"""Comparison: picked, passed on, never more than four."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Shop
from wanku.catalog.models import Product

pytestmark = pytest.mark.django_db
Make = Callable[..., Product]


@pytest.fixture
def five(bo: Shop, make_product: Make) -> list[Product]:
    """Five products with parameters."""
    return [make_product(bo.merchant, f"壶{i}", parameters=[{"name": "容量", "value": f"{i} ml"}]) for i in range(5)]


def test_picked_products_stand_side_by_side(
    client: Client, five: list[Product], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for product in five[:2]:
        assert client.post("/compare/add", {"product": product.pk, "next": "/"})["Location"] == "/"
    response = client.get("/compare")
    assert response.status_code == 302
    address = response["Location"]
    stranger = Client()
    # products; pictures, variants and stock of the cards; the tree of the header
    with django_assert_num_queries(5):
        text = stranger.get(address).text
    for part in ("壶0", "壶1", "容量", "1 ml"):
        assert part in text, part


def test_at_most_four(client: Client, five: list[Product]) -> None:
    for product in five:
        client.post("/compare/add", {"product": product.pk})
    text = client.get("/compare", follow=True).text
    assert "壶3" in text
    assert "壶4" not in text
    many = "&".join(f"p={p.pk}" for p in five)
    assert "壶4" not in Client().get(f"/compare?{many}").text


def test_taking_out(client: Client, five: list[Product]) -> None:
    for product in five[:2]:
        client.post("/compare/add", {"product": product.pk})
    response = client.post("/compare/remove", {"product": five[0].pk, "p": five[1].pk}, follow=True)
    assert response.redirect_chain == [(f"/compare?p={five[1].pk}", 302)]
    text = client.get("/compare", follow=True).text
    assert "壶1" in text
    assert "壶0" not in text
    client.post("/compare/remove")
    assert "还没有要对比的商品" in client.get("/compare").text


def test_what_somebody_passed_on_can_be_narrowed_too(client: Client, five: list[Product]) -> None:
    response = client.post("/compare/remove", {"product": five[0].pk, "p": [five[1].pk, "x"]}, follow=True)
    assert "壶1" in response.text
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("value", ["", "x", "-1", "99999999999999999999", "0"])
def test_nonsense_is_ignored(client: Client, five: list[Product], value: str) -> None:
    assert client.post("/compare/add", {"product": value}).status_code == 302
    assert client.get(f"/compare?p={value}&p={five[0].pk}").status_code == 200


def test_nobody_is_sent_elsewhere(client: Client, five: list[Product]) -> None:
    for place in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        response = client.post("/compare/add", {"product": five[0].pk, "next": place})
        assert response["Location"] == "/compare"
