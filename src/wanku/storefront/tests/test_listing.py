"""Lists: categories, words, filters, shops, suggestions; with any input."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Shop, category_of
from wanku.catalog.index import index_all
from wanku.catalog.models import Product

pytestmark = pytest.mark.django_db
Make = Callable[..., Product]


@pytest.fixture
def shelf(bo: Shop, cy: Shop, make_product: Make) -> None:
    """Thirty pots in one category and a bag in another."""
    bags = category_of("bags", path="bags", names={"zh-hans": "箱包"})
    for i in range(30):
        make_product(bo.merchant, f"白瓷茶壶{i:02}", prices=(9900 + i, 19900 + i))
    make_product(cy.merchant, "双肩包", prices=(29900,), category=bags, stock=0)
    index_all(Product.objects.all())


@pytest.mark.usefixtures("shelf")
def test_a_list_costs_the_same_on_every_page(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for address in ("/c/home/", "/c/home/?page=2", "/search?sort=newest"):
        # the catalogue's version, by which the page is kept; tree, count, products; pictures, variants and stock of
        # the cards; four facets
        with django_assert_num_queries(11):
            response = client.get(address)
        assert response.status_code == 200
    # with words also: whether all of them occur, and shops of that name
    with django_assert_num_queries(13):
        response = client.get("/search?q=茶壶&opt=款式:2号&stock=1&min=100&rating=")
    assert "30 件商品" in response.text


@pytest.mark.usefixtures("shelf")
def test_pages_split_and_clamp(client: Client) -> None:
    assert client.get("/c/home/").text.count('<article class="product"') == 24
    for last in ("2", "99", "last"):
        assert client.get(f"/c/home/?page={last}").text.count('<article class="product"') in (6, 24)


@pytest.mark.usefixtures("shelf")
def test_filters_narrow_and_can_be_taken_back(client: Client, bo: Shop) -> None:
    text = client.get(f"/search?shop={bo.merchant.pk}&min=99.05&max=99.10&opt=款式:1号").text
    assert text.count('<article class="product"') == 6
    assert "¥99.05 – ¥99.10" in text
    assert "款式: 1号" in text
    text = client.get("/search?q=双肩包&stock=1").text
    assert "没有符合全部条件的商品" in text
    assert "清除筛选" in text


@pytest.mark.usefixtures("shelf")
def test_nothing_found_and_nearly_found(client: Client) -> None:
    assert "没有找到商品" in client.get("/search?q=飞机").text
    near = client.get("/search?q=紫砂茶壶").text
    assert "以下是相近的结果" in near
    assert "白瓷茶壶" in near


@pytest.mark.parametrize(("query", "problem"), [("min=abc", "请填金额"), ("min=20&max=10", "最高价低于最低价")])
@pytest.mark.usefixtures("shelf")
def test_what_was_typed_wrong_is_named_and_kept(client: Client, query: str, problem: str) -> None:
    response = client.get(f"/search?{query}")
    assert response.status_code == 200
    assert problem in response.text
    assert 'value="abc"' in response.text or 'value="20"' in response.text


HOSTILE = [
    "q=%00",
    "q=" + "a" * 5000,
    "q='%3B drop table catalog_product",
    "q=<script>alert(1)</script>",
    "q=%F0%9F%98%80",
    "q=%ff",
    "sort=../../etc",
    "page=-1",
    "page=1e9",
    "page=99999999999999999999",
    "rating=5%27",
    "rating=9999",
    "shop=99999999999999999999&shop=x&shop=-1",
    "opt=:&opt=a&opt=:b&opt=%00:%00&opt=" + "x" * 3000 + ":y",
    "min=1e400&max=NaN",
    "min=-5&max=Infinity",
    "min=99999999999999999999",
    "stock=2",
    "&".join("opt=a:b" for _ in range(500)),
]


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.usefixtures("shelf")
def test_hostile_parameters_never_break_a_list(client: Client, query: str) -> None:
    for address in ("/search", "/c/home/", "/s/bo/", "/suggest"):
        response = client.get(f"{address}?{query}")
        # A NUL is refused at the door, before any page sees it.
        assert response.status_code == (404 if "%00" in query else 200)
        assert "<script>alert" not in response.text


@pytest.mark.parametrize("address", ["/c/nowhere/", "/c/home/nowhere/", "/s/nobody/", "/c/%00/", "/s/bo'/"])
@pytest.mark.usefixtures("shelf")
def test_unknown_places_are_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("shelf")
def test_a_shop_says_who_it_is(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    # the shop, its facts, whether it has a menu, and a list
    with django_assert_num_queries(14):
        text = client.get("/s/bo/").text
    assert "Bo 茶行有限公司" in text
    assert "双肩包" not in text


@pytest.mark.usefixtures("shelf")
def test_suggestions_answer_while_typing(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        text = client.get("/suggest?q=双肩").text
    assert "双肩包" in text
    assert "/c/bags/" in client.get("/suggest?q=箱").text
    assert client.get("/suggest?q=").text.strip() == ""
