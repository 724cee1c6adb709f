"""The start page, the categories, and pages of trust."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Shop, category_of
from wanku.audit import rules
from wanku.catalog.models import Product
from wanku.kernel.ids import new_number

pytestmark = pytest.mark.django_db
Make = Callable[..., Product]


def test_an_empty_market_says_so(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "还没有在售商品" in response.text


def test_home_costs_the_same_however_much_there_is(
    client: Client, bo: Shop, cy: Shop, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for i in range(6):
        make_product(bo.merchant, f"茶壶{i}", sold_count=i)
        make_product(cy.merchant, f"背包{i}", sold_count=i)
    make_product(bo.merchant, "卖完的壶", stock=0)
    make_product(bo.merchant, "草稿壶", state="draft")
    # the catalogue's version, by which the page is kept; the tree, new, best, reviews, shops; pictures, variants and
    # stock of all cards
    with django_assert_num_queries(9):
        response = client.get("/")
    assert response.status_code == 200
    assert "茶壶5" in response.text
    assert "Cy 箱包" in response.text
    assert "卖完的壶" not in response.text
    assert "草稿壶" not in response.text
    assert "sessionid" not in response.cookies, "a stranger who only looks gets no session"


def test_a_suspended_shop_vanishes(client: Client, bo: Shop, make_product: Make) -> None:
    make_product(bo.merchant, "看不见的壶")
    type(bo.merchant).objects.filter(pk=bo.merchant.pk).update(state="suspended")
    for address in ("/", "/search?q=看不见", "/categories"):
        assert "看不见的壶" not in client.get(address).text
    assert client.get("/s/bo/").status_code == 404


def test_categories_count_their_subtrees(
    client: Client, bo: Shop, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    home = category_of()
    kitchen = category_of("kitchen", path="home/kitchen", parent=home, names={"zh-hans": "厨房"})
    make_product(bo.merchant, category=kitchen)
    with django_assert_num_queries(2):
        response = client.get("/categories")
    assert response.text.count("厨房") == 1
    assert "/c/home/kitchen/" in response.text


def test_rules_are_those_in_force(client: Client, bo: Shop) -> None:
    category_of(return_rule="never")
    rules.change("pay_goods", 40 * 60, set_by=bo.owner.pk, because="试行", now=NOW)
    text = client.get("/rules").text
    assert "40分钟" in text
    assert "10天" in text
    assert "不支持无理由退货" in text


NEVER_OURS = "不是我们发出的号码"
NOTHING_KNOWN = "这不是网址、发件人或号码"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("123", NEVER_OURS),
        ("9" * 17, NEVER_OURS),
        ("'", NOTHING_KNOWN),
        ("<script>alert(1)</script>", NOTHING_KNOWN),
        ("９" * 17, NOTHING_KNOWN),
    ],
)
def test_a_wrong_number_is_called_wrong(client: Client, typed: str, told: str) -> None:
    text = client.get("/verify", {"number": typed}).text
    assert told in text
    assert "alert-success" not in text
    assert "<script>alert" not in text


def test_a_well_built_number_that_we_never_gave_out(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    number = new_number(NOW)
    # The count of who asks, which ends before anything is looked for: a savepoint, its end, the count, the old ones.
    # Then orders, trades, payments, refunds, invoices, by their unique numbers; the categories of the header.
    with django_assert_num_queries(10):
        text = client.get("/verify", {"number": f" {number[:6]} {number[6:]} "}).text
    assert NEVER_OURS in text
    assert "alert-success" not in text
    assert "http://testserver" in text.replace("http:// ", "http://")


def test_a_number_that_is_none_asks_nothing_of_the_books(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # the categories of the header
        assert NEVER_OURS in client.get("/verify", {"number": "9" * 17}).text
