"""Reading what is offered."""

from datetime import timedelta
from typing import Any

from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from wanku.api.tests.caller import Api, assert_problem, pages
from wanku.catalog.index import index
from wanku.catalog.models import ProductState, Question


def test_product(anybody: Api, bo: Shop, django_assert_num_queries: Any) -> None:
    product = product_of(bo.merchant, prices=(100, 200), add_ons=[("gift", 5)], stock=7)
    with django_assert_num_queries(5):
        answer = anybody.get(f"/products/{product.pk}")
    assert answer.status_code == 200
    found = answer.json()
    assert found["merchant"] == {"slug": "bo", "name": "Bo 茶行"}
    assert [(v["price"], v["free"]) for v in found["variants"]] == [(100, 7), (200, 7)]
    assert found["add_ons"] == [{"id": product.add_ons.get().pk, "name": "gift", "price": 5}]
    assert found["returns"] == {"rule": "no_reason", "days": 7}
    assert supply_of(variant_of(product)).free == 7


def test_a_product_that_is_not_offered(anybody: Api, bo: Shop, bo_api: Api) -> None:
    product = product_of(bo.merchant, state=ProductState.DRAFT)
    assert_problem(anybody.get(f"/products/{product.pk}"), 404, "not_found")
    assert_problem(anybody.get(f"/products/{product.pk}/reviews"), 404, "not_found")
    assert_problem(anybody.get(f"/products/{product.pk}/questions"), 404, "not_found")
    assert bo_api.get(f"/products/{product.pk}").status_code == 200


def test_shop_and_categories(anybody: Api, bo: Shop) -> None:
    product_of(bo.merchant)
    assert anybody.get("/merchants/bo").json()["legal_name"] == "Bo 茶行有限公司"
    assert_problem(anybody.get("/merchants/nobody"), 404, "not_found")
    assert [c["name"] for c in anybody.get("/categories").json()["items"]] == ["Home"]


def test_search(anybody: Api, bo: Shop, cy: Shop, django_assert_num_queries: Any) -> None:
    pot = product_of(bo.merchant, "白瓷茶壶", prices=(9900,))
    bag = product_of(cy.merchant, "Canvas bag", prices=(4900,))
    for product in (pot, bag):
        index(product)
    with django_assert_num_queries(2):
        everything = anybody.get("/products?sort=price").json()
    assert [p["id"] for p in everything["items"]] == [bag.pk, pot.pk]
    assert everything["next_cursor"] is None
    assert [p["id"] for p in anybody.get("/products?q=茶壶").json()["items"]] == [pot.pk]
    assert [p["id"] for p in anybody.get("/products?merchant=cy").json()["items"]] == [bag.pk]
    assert [p["id"] for p in anybody.get("/products?price_max=5000").json()["items"]] == [bag.pk]
    assert [p["id"] for p in anybody.get("/products?category=home&price_min=5000").json()["items"]] == [pot.pk]
    assert anybody.get("/products?rating_min=4").json()["items"] == []


def test_pages_of_a_search(anybody: Api, bo: Shop) -> None:
    made = [product_of(bo.merchant, prices=(price,)).pk for price in range(100, 105)]
    assert [p["id"] for p in pages(anybody, "/products?sort=price&limit=2")] == made


def test_a_search_for_nothing(anybody: Api, bo: Shop) -> None:
    for query in ("sort=best", "price_min=-1", "price_max=x", "rating_min=6", "category=%00", "q=" + 81 * "a"):
        assert_problem(anybody.get(f"/products?{query}"), 422, "invalid", query.split("=")[0])
    assert_problem(anybody.get("/products?category=none"), 404, "not_found", "category")
    assert_problem(anybody.get("/products?merchant=none"), 404, "not_found", "merchant")
    assert_problem(anybody.get("/products?q=%00"), 422, "invalid", "q")


def test_reviews_in_pages(anybody: Api, bo: Shop) -> None:
    product = product_of(bo.merchant)
    Question.objects.bulk_create(
        Question(product=product, merchant=bo.merchant, text=str(i), asked_at=NOW + timedelta(minutes=i // 2))
        for i in range(5)
    )
    seen = [q["text"] for q in pages(anybody, f"/products/{product.pk}/questions?limit=2")]
    assert seen == ["4", "3", "2", "1", "0"]
    assert anybody.get(f"/products/{product.pk}/reviews").json() == {"items": [], "next_cursor": None}
