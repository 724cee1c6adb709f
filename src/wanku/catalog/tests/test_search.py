"""Search: Chinese words, filters, orders, facets."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Shop, category_of
from wanku.catalog.count_facets import count_facets
from wanku.catalog.index import index_all
from wanku.catalog.models import Category, Product
from wanku.catalog.queries import first_pictures, related, suggest, tree
from wanku.catalog.search import Filters, Sort, search

pytestmark = pytest.mark.django_db
Make = Callable[..., Product]


@pytest.fixture
def shelf(bo: Shop, cy: Shop, make_product: Make) -> dict[str, Product]:
    """Goods in a tree of categories, indexed."""
    home = category_of()
    kitchen = below(home, "kitchen", "厨房")
    phones = category_of("digital", path="digital", names={"zh-hans": "数码", "en": "Digital"})
    goods = {
        "pot": make_product(bo.merchant, "白瓷茶壶", category=kitchen, prices=(9900, 19900), sold_count=5),
        "kettle": make_product(bo.merchant, "1.5L 电热水壶", category=kitchen, prices=(15900,), brand="Lenova"),
        "case": make_product(cy.merchant, "苹果手机壳", category=phones, prices=(3900,), sold_count=900),
        "charger": make_product(cy.merchant, "USB-C 充电器 65W", category=phones, prices=(12900,), sold_count=30),
    }
    Product.objects.filter(pk=goods["pot"].pk).update(rating_sum=24, rating_count=5)
    Product.objects.filter(pk=goods["case"].pk).update(rating_sum=5, rating_count=1)
    assert index_all(Product.objects.all()) == 4
    return goods


def below(parent: Category, slug: str, name: str) -> Category:
    return category_of(slug, path=f"{parent.path}/{slug}", parent=parent, names={"zh-hans": name, "en": slug.title()})


def names(query: str, sort: Sort = Sort.RELEVANCE, **filters: Any) -> list[str]:
    return [p.title for p in search(query, Filters(**filters), sort, within=Product.objects.on_sale()).products]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("茶壶", ["白瓷茶壶"]),
        ("壶", ["白瓷茶壶", "1.5L 电热水壶"]),
        ("瓷茶", ["白瓷茶壶"]),
        ("手机壳 苹果", ["苹果手机壳"]),
        ("充电器", ["USB-C 充电器 65W"]),
        ("usb-c", ["USB-C 充电器 65W"]),
        ("ＵＳＢ 充电", ["USB-C 充电器 65W"]),
        ("65w", ["USB-C 充电器 65W"]),
        ("leno", ["1.5L 电热水壶"]),
        ("厨房", ["白瓷茶壶", "1.5L 电热水壶"]),
        ("kitchen", ["白瓷茶壶", "1.5L 电热水壶"]),
        ("箱包", ["苹果手机壳", "USB-C 充电器 65W"]),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_words_find(query: str, titles: list[str]) -> None:
    found = search(query, Filters(), Sort.RELEVANCE, within=Product.objects.on_sale())
    assert not found.similar
    assert sorted(p.title for p in found.products) == sorted(titles)


@pytest.mark.parametrize(("query", "title"), [("lenovva", "1.5L 电热水壶"), ("紫砂茶壶", "白瓷茶壶")])
@pytest.mark.usefixtures("shelf")
def test_nearly_right_finds_what_is_similar_and_says_so(query: str, title: str) -> None:
    found = search(query, Filters(), Sort.RELEVANCE, within=Product.objects.on_sale())
    assert found.similar
    assert found.products[0].title == title


@pytest.mark.parametrize(
    "query", ["没有这种东西嘛", "'", "\\", "' | 'x", ":*", "<->", "a" * 500, "\x00", "%", "壶 & !茶", "()"]
)
@pytest.mark.usefixtures("shelf")
def test_odd_queries_never_fail(query: str) -> None:
    list(search(query, Filters(), Sort.RELEVANCE, within=Product.objects.on_sale()).products)


@pytest.mark.usefixtures("shelf")
def test_without_words_everything_in_the_order_asked_for() -> None:
    assert names("")[0] == "苹果手机壳"
    assert names("", Sort.CHEAPEST) == ["苹果手机壳", "白瓷茶壶", "USB-C 充电器 65W", "1.5L 电热水壶"]
    assert names("", Sort.DEAREST)[0] == "1.5L 电热水壶"
    assert names("", Sort.SALES)[:2] == ["苹果手机壳", "USB-C 充电器 65W"]
    assert names("", Sort.RATING)[0] == "白瓷茶壶", "five reviews near five weigh more than a single five"
    assert len(names("", Sort.NEWEST)) == 4


@pytest.mark.usefixtures("shelf")
def test_filters_narrow(bo: Shop) -> None:
    assert sorted(names("", path="home")) == ["1.5L 电热水壶", "白瓷茶壶"]
    assert names("", path="hom") == []
    assert names("", price_max=4000) == ["苹果手机壳"]
    assert names("", price_min=18000) == ["白瓷茶壶"], "some variant lies in the range"
    assert names("", price_min=10000, price_max=12000) == []
    assert sorted(names("", rating_min=4)) == sorted(["白瓷茶壶", "苹果手机壳"])
    assert len(names("", merchants=(bo.merchant.pk,))) == 2
    assert names("", options={"款式": ("2号",)}) == ["白瓷茶壶"]
    assert names("", options={"款式": ("2号",)}, price_max=10000) == [], "one variant must fit everything"


def test_only_what_the_reader_may_see(shelf: dict[str, Product]) -> None:
    Product.objects.filter(pk=shelf["pot"].pk).update(state="off")
    assert names("茶壶") == []


def test_facets_count_what_each_choice_would_leave(
    shelf: dict[str, Product], bo: Shop, cy: Shop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        facets = count_facets(Product.objects.on_sale(), Filters(merchants=(bo.merchant.pk,), path="home"))
    assert {key: n for key, _, n in facets.merchants} == {bo.merchant.pk: 2}
    assert facets.categories == {shelf["pot"].category_id: 2}
    assert facets.ratings == {4: 1, 3: 1, 2: 1}
    assert facets.price == (9900, 19900)
    assert facets.options == [("款式", [("1号", 1), ("2号", 1)])]
    all_of_them = count_facets(Product.objects.on_sale(), Filters(merchants=(cy.merchant.pk,)))
    assert {key for key, _, _ in all_of_them.merchants} == {bo.merchant.pk, cy.merchant.pk}


@pytest.mark.usefixtures("shelf")
def test_the_tree_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        found = tree()
        assert [c.slug for c in found.roots] == ["home", "digital"]
        kitchen = found.at("home/kitchen")
        assert kitchen is not None
        assert [c.slug for c in found.trail(kitchen)] == ["home", "kitchen"]
        assert found.named("厨") == [kitchen]
        assert found.named("") == []
    Category.objects.filter(slug="home").update(is_open=False)
    assert tree().at("home/kitchen") is None


def test_related_and_suggested(shelf: dict[str, Product]) -> None:
    near = list(related(shelf["pot"], Product.objects.on_sale(), 4))
    assert [p.title for p in near] == ["1.5L 电热水壶"]
    assert [p.title for p in suggest("手机", Product.objects.on_sale())] == ["苹果手机壳"]
    assert suggest("  ", Product.objects.on_sale()) == []
    assert first_pictures([shelf["pot"].pk]) == {}
    assert shelf["pot"].listed_at == NOW
