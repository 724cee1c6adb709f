"""The cart in the browser."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import NOW, Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.carts.models import CartLine
from wanku.carts.queries import read_cart
from wanku.flows.buying.fill_cart import fill_cart
from wanku.people.models import Person
from wanku.storefront.tests.shopping import guest_browser, guest_of, member_browser

HTMX = {"HX-Request": "true"}


def test_a_stranger_fills_a_cart_and_finds_it_again(client: Client, bo: Shop) -> None:
    product = product_of(bo.merchant, "龙井茶", add_ons=[("礼盒", 1500)])
    response = client.post(
        "/cart/add/", {"variant": variant_of(product).pk, "quantity": 2, "add_on": product.add_ons.get().pk}
    )
    assert response["Location"] == "/cart/"
    page = client.get("/cart/").content.decode()
    assert "龙井茶" in page
    assert "礼盒" in page
    assert "¥228.00" in page.replace("</span>", "").replace('<span class="price-decimals">', "") or "228" in page
    assert [i.quantity for i in read_cart(guest_of(client), now=NOW).items] == [2]


def test_htmx_gets_a_toast_and_the_count(client: Client, bo: Shop) -> None:
    response = client.post("/cart/add/", {"variant": variant_of(product_of(bo.merchant)).pk}, headers=HTMX)
    assert response.status_code == 200
    assert b'id="cart-count"' in response.content


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"variant": "abc"}, 422),
        ({"variant": "9" * 400}, 422),
        ({"variant": "²"}, 422),
        ({"variant": "99999999"}, 404),
        ({"variant": "-1"}, 422),
    ],
)
@pytest.mark.parametrize("address", ["/cart/add/"])
def test_nonsense_is_refused_and_nothing_kept(
    client: Client, db: None, address: str, form: dict[str, str], status: int
) -> None:
    assert client.post(address, form).status_code == status
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("quantity", ["0", "1000", "-3", "1.5", "x", "", "9" * 30, "\x00"])
def test_odd_quantities_are_refused(client: Client, bo: Shop, quantity: str) -> None:
    variant = variant_of(product_of(bo.merchant, stock=5000))
    assert client.post("/cart/add/", {"variant": variant.pk, "quantity": quantity}).status_code == 422
    assert not CartLine.objects.exists()


def test_change_by_forms_and_by_htmx(bo: Shop, guest_actor: Actor) -> None:
    line = fill_cart(variant_of(product_of(bo.merchant)).pk, 1, (), actor=guest_actor, now=NOW)
    browser = guest_browser(guest_actor)
    assert browser.post("/cart/change/", {"what": "quantity", "line": line.pk, "quantity": 3}).status_code == 302
    response = browser.post("/cart/change/", {"what": "select", "line": line.pk}, headers=HTMX)
    assert b'id="cart"' in response.content
    (item,) = read_cart(guest_actor, now=NOW).items
    assert (item.quantity, item.selected) == (3, False)
    browser.post("/cart/change/", {"what": "select_all", "selected": "1"})
    assert read_cart(guest_actor, now=NOW).items[0].selected
    refused = browser.post("/cart/change/", {"what": "quantity", "line": line.pk, "quantity": 0}, headers=HTMX)
    assert "1" in refused.content.decode()
    browser.post("/cart/change/", {"what": "remove", "line": line.pk})
    assert not CartLine.objects.exists()
    assert browser.post("/cart/change/", {"what": "burn"}).status_code == 302


def test_others_neither_see_nor_change_it(bo: Shop, ann: Person, ann_actor: Actor, guest_actor: Actor) -> None:
    line = fill_cart(variant_of(product_of(bo.merchant, "秘密")).pk, 1, (), actor=ann_actor, now=NOW)
    stranger = guest_browser(guest_actor)
    assert "秘密" not in stranger.get("/cart/").content.decode()
    stranger.post("/cart/change/", {"what": "remove", "line": line.pk})
    stranger.post("/cart/change/", {"what": "quantity", "line": line.pk, "quantity": 9})
    assert [i.quantity for i in read_cart(ann_actor, now=NOW).items] == [1]
    assert "秘密" in member_browser(ann).get("/cart/").content.decode()


def test_queries(bo: Shop, cy: Shop, guest_actor: Actor, django_assert_num_queries: Any) -> None:
    for shop in (bo, cy, bo, cy):
        fill_cart(variant_of(product_of(shop.merchant)).pk, 1, (), actor=guest_actor, now=NOW)
    browser = guest_browser(guest_actor)
    browser.get("/cart/")
    # Session; lines, offers; the categories of the frame.
    with django_assert_num_queries(4):
        browser.get("/cart/")
