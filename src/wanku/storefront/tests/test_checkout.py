"""The checkout in the browser: guest and member, every fault, and one order whatever is clicked."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.cast import ADDRESS, NOW, Shop, category_of, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.carts.queries import read_cart
from wanku.catalog.models import ReturnRule
from wanku.flows.buying.fill_cart import fill_cart
from wanku.flows.buying.keep_address import keep_address
from wanku.orders.models import Line, Order, Trade
from wanku.people.models import Address, Person
from wanku.pricing.models import FreightRate, FreightTemplate
from wanku.storefront.tests.shopping import FORM, guest_browser, hidden, member_browser, open_checkout, submit


@pytest.fixture
def shopper(bo: Shop, cy: Shop, guest_actor: Actor) -> Client:
    """A guest with goods of two shops in the cart."""
    for shop, title, price in ((bo, "龙井茶", 9900), (cy, "旅行箱", 45900)):
        fill_cart(variant_of(product_of(shop.merchant, title, prices=(price,))).pk, 2, (), actor=guest_actor, now=NOW)
    return guest_browser(guest_actor)


def freight_of(shop: Shop, fee: int, far: int, province: str = "西藏自治区") -> None:
    template = FreightTemplate.objects.create(merchant=shop.merchant, name="全国", is_default=True)
    FreightRate.objects.create(template=template, first=1, first_fee=fee, step=1, step_fee=0)
    FreightRate.objects.create(template=template, provinces=[province], first=1, first_fee=far, step=1, step_fee=0)


def test_a_guest_orders_from_two_shops(shopper: Client, guest_actor: Actor) -> None:
    address, page = open_checkout(shopper)
    assert page.status_code == 200
    response = submit(shopper, address, page, note_1="x", email="Guest@Example.com")
    trade = Trade.objects.get()
    assert response["Location"].startswith(f"/pay/{trade.number}/")
    assert (trade.amount, trade.guest_key, trade.buyer) == (2 * (9900 + 45900), guest_actor.guest_key, None)
    assert (trade.contact_name, trade.contact_phone, trade.contact_email) == (
        "安小姐",
        "+8613800138000",
        "guest@example.com",
    )
    assert Order.objects.count() == 2
    assert read_cart(guest_actor, now=NOW).items == ()


def test_double_click_reload_and_back_make_one_order(shopper: Client) -> None:
    address, page = open_checkout(shopper)
    first, second = submit(shopper, address, page), submit(shopper, address, page)
    assert first["Location"] == second["Location"]
    assert Trade.objects.count() == 1
    again = shopper.get(address)
    assert again["Location"] == f"/pay/{Trade.objects.get().number}/"


def test_another_content_under_the_same_key_says_so_and_keeps_what_was_typed(shopper: Client) -> None:
    address, page = open_checkout(shopper)
    submit(shopper, address, page)
    response = submit(shopper, address, page, line="另一条街 2 号")
    assert response.status_code == 422
    assert "另一条街 2 号" in response.content.decode()
    assert Trade.objects.count() == 1
    (action,) = re.findall(r'action="\?([^"]*key=[^"]*)"', response.content.decode())
    assert address.split("key=")[1] not in action
    # Whoever submits again means a second order.
    assert submit(shopper, f"/checkout/?{action}", response, line="另一条街 2 号").status_code == 302
    assert Trade.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "长" * 61),
        ("phone", ""),
        ("phone", "12"),
        ("phone", "<script>"),
        ("province", ""),
        ("province", "亚特兰蒂斯"),
        ("city", ""),
        ("line", ""),
        ("line", "街" * 201),
        ("postcode", "1" * 13),
        ("email", "nobody"),
        ("email", "x" * 300 + "@example.com"),
        ("contact_phone", "12"),
        ("name", "a\x00b"),
    ],
)
def test_a_wrong_field_is_named_and_everything_typed_stays(shopper: Client, field: str, value: str) -> None:
    address, page = open_checkout(shopper)
    response = submit(shopper, address, page, **{field: value, "note_1": "请轻放", "district": "西湖区·特"})
    if (field, value) == ("name", "a\x00b"):
        assert response.status_code in (302, 422)
        return
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "西湖区·特" in response.content.decode()
    assert not Trade.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"wish": ["x"]},
        {"wish": ["1-2-3-"]},
        {"wish": ["99999999999999999999-1"]},
        {"wish": ["1-9999"]},
    ],
)
def test_hostile_wishes_are_refused(shopper: Client, changes: dict[str, Any]) -> None:
    address, page = open_checkout(shopper)
    assert submit(shopper, address, page, **changes).status_code == 422
    assert not Trade.objects.exists()


@pytest.mark.parametrize("total", ["0", "1", "-5", "x", "", "9" * 40, "²"])
def test_only_the_total_that_was_shown_is_agreed(shopper: Client, total: str) -> None:
    address, page = open_checkout(shopper)
    response = submit(shopper, address, page, agreed_total=total)
    assert response.status_code == 422
    assert hidden(response, "agreed_total") == [str(2 * (9900 + 45900))]
    assert not Trade.objects.exists()


@pytest.mark.parametrize("key", ["x", "a" * 200, "<b>", "鍵" * 10])
def test_a_foreign_key_is_refused(shopper: Client, key: str) -> None:
    page = shopper.get("/checkout/", {"key": key})
    assert page.status_code == 200
    assert submit(shopper, f"/checkout/?key={key}", page).status_code == 422
    assert not Trade.objects.exists()


def test_a_price_that_changed_meanwhile_is_told_and_then_accepted(shopper: Client) -> None:
    address, page = open_checkout(shopper)
    variant = variant_of(product_of_title("龙井茶"))
    variant.price = 8800
    variant.save()
    told = submit(shopper, address, page)
    assert told.status_code == 422
    assert not Trade.objects.exists()
    assert submit(shopper, address, told).status_code == 302
    assert Trade.objects.get().amount == 2 * (8800 + 45900)


def product_of_title(title: str) -> Any:
    from wanku.catalog.models import Product

    return Product.objects.get(title=title)


def test_sold_out_meanwhile_names_the_thing(shopper: Client) -> None:
    address, page = open_checkout(shopper)
    supply = supply_of(variant_of(product_of_title("旅行箱")))
    supply.free, supply.sold = 1, supply.put_in - 1
    supply.save()
    response = submit(shopper, address, page)
    assert response.status_code == 422
    assert "旅行箱" in response.content.decode()
    assert not Trade.objects.exists()


def test_the_sum_follows_the_province(shopper: Client, bo: Shop) -> None:
    freight_of(bo, 800, 4500)
    address, page = open_checkout(shopper)
    goods = 2 * (9900 + 45900)
    assert hidden(page, "agreed_total") == [str(goods + 800)]
    key = address.partition("?")[2]
    far = {**FORM, "province": "西藏自治区", "wish": hidden(page, "wish")}
    part = shopper.post(f"/checkout/sum/?{key}", far, headers={"HX-Request": "true"})
    assert hidden(part, "agreed_total") == [str(goods + 4500)]
    # Without script the old total is sent: the new one is told before anything is ordered.
    told = submit(shopper, address, page, province="西藏自治区")
    assert told.status_code == 422
    assert submit(shopper, address, told, province="西藏自治区").status_code == 302


def test_the_tick_is_off_by_default_and_kept_when_given(client: Client, bo: Shop) -> None:
    sealed = category_of("sealed", return_rule=ReturnRule.EXCLUDABLE)
    variant = variant_of(product_of(bo.merchant, category=sealed))
    for ticks, agreed in (([], False), ([str(variant.pk), "x", "²"], True)):
        address, page = open_checkout(client, f"/checkout/?buy={variant.pk}-1")
        assert f'name="no_return" value="{variant.pk}" checked' not in page.content.decode()
        assert submit(client, address, page, no_return=ticks).status_code == 302
        assert Line.objects.order_by("-id").first().returns["agreed"] is agreed  # type: ignore[union-attr]


def test_buy_now_passes_the_cart_by(shopper: Client, bo: Shop, guest_actor: Actor) -> None:
    variant = variant_of(product_of(bo.merchant, "茶杯", prices=(2900,)))
    response = shopper.post("/buy/", {"variant": variant.pk, "quantity": 3})
    address, page = open_checkout(shopper, response["Location"])
    assert submit(shopper, address, page).status_code == 302
    assert Trade.objects.get().amount == 3 * 2900
    assert len(read_cart(guest_actor, now=NOW).items) == 2


def test_a_member_uses_the_book_and_may_keep_a_new_address(ann: Person, ann_actor: Actor, bo: Shop) -> None:
    keep_address(ADDRESS, actor=ann_actor, now=NOW)
    variant = variant_of(product_of(bo.merchant))
    browser = member_browser(ann)
    address, page = open_checkout(browser, f"/checkout/?buy={variant.pk}-1")
    saved = Address.objects.get()
    blank = dict.fromkeys(ADDRESS, "")
    assert submit(browser, address, page, saved=saved.pk, **blank).status_code == 302
    order = Order.objects.get()
    assert (order.address["line"], order.trade.buyer_id, order.trade.contact_email) == (
        ADDRESS["line"],
        ann.pk,
        "ann@example.com",
    )
    address, page = open_checkout(browser, f"/checkout/?buy={variant.pk}-2")
    assert submit(browser, address, page, keep="on", line="新街 9 号").status_code == 302
    assert set(Address.objects.values_list("line", flat=True)) == {ADDRESS["line"], "新街 9 号"}


def test_nobody_orders_to_another_ones_address(ann_actor: Actor, bo: Shop, guest_actor: Actor) -> None:
    kept = keep_address({**ADDRESS, "line": "秘密街"}, actor=ann_actor, now=NOW)
    browser = guest_browser(guest_actor)
    address, page = open_checkout(browser, f"/checkout/?buy={variant_of(product_of(bo.merchant)).pk}-1")
    response = submit(browser, address, page, saved=kept.pk, **dict.fromkeys(ADDRESS, ""))
    assert response.status_code == 422
    assert "秘密街" not in response.content.decode()


def test_nothing_chosen_leads_to_the_cart(client: Client, db: None) -> None:
    assert client.get("/checkout/", follow=True).redirect_chain[-1][0] == "/cart/"


def test_queries(shopper: Client, django_assert_num_queries: Any) -> None:
    address, _page = open_checkout(shopper)
    # Session, the key's earlier trade, cart lines; twice one for offers (cart and quote); freight; the count above.
    with django_assert_num_queries(7):
        shopper.get(address)
