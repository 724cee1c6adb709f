"""Filling a cart and asking for prices."""

from typing import Any

import pytest

from tests.cast import Shop, product_of, variant_of
from wanku.access.scopes import Scope
from wanku.api.tests.caller import Api, assert_problem, key_of
from wanku.api.tests.shopping import wish
from wanku.carts.models import CartLine
from wanku.catalog.models import ProductState
from wanku.people.models import Person


@pytest.mark.parametrize("who", ["ann_api", "guest_api"])
def test_a_cart(request: pytest.FixtureRequest, who: str, bo: Shop, cy: Shop) -> None:
    api: Api = request.getfixturevalue(who)
    tea = product_of(bo.merchant, add_ons=[("gift", 500)])
    bag = product_of(cy.merchant, prices=(12_000,))
    assert api.get("/cart").json() == {"parts": [], "currency": "CNY", "goods": 0, "pieces": 0}
    assert api.post("/cart/lines", wish(tea, 2, tea.add_ons.get().pk)).status_code == 201
    cart = api.post("/cart/lines", wish(bag)).json()
    assert cart["goods"] == 2 * 10_400 + 12_000
    line = next(p for p in cart["parts"] if p["merchant"]["slug"] == "bo")["lines"][0]
    assert (line["unit_price"], line["standing"], line["most"]) == (10_400, "buyable", 10)
    changed = api("PATCH", f"/cart/lines/{line['id']}", {"quantity": 1, "selected": False}).json()
    assert changed["goods"] == 12_000
    left = api("DELETE", f"/cart/lines/{line['id']}").json()
    assert [p["merchant"]["slug"] for p in left["parts"]] == ["cy"]


def test_refusals_change_nothing(ann_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant, stock=3)
    draft = product_of(bo.merchant, state=ProductState.DRAFT)
    assert_problem(ann_api.post("/cart/lines", wish(tea, 4)), 409, "stock_short", "quantity")
    assert_problem(ann_api.post("/cart/lines", wish(draft)), 409, "unavailable", "variant_id")
    assert_problem(ann_api.post("/cart/lines", wish(tea, 1, 7)), 409, "add_on_unavailable", "add_ons")
    assert_problem(ann_api.post("/cart/lines", {"variant_id": 999, "quantity": 1}), 404, "not_found", "variant_id")
    assert_problem(ann_api("PATCH", "/cart/lines/1", {"quantity": 1}), 404, "not_found")
    assert not CartLine.objects.exists()


def test_a_stranger_has_no_cart(anybody: Api, bo: Shop) -> None:
    assert_problem(anybody.get("/cart"), 401, "sign_in")
    assert_problem(anybody.post("/cart/lines", wish(product_of(bo.merchant))), 401, "sign_in")


def test_somebody_elses_line(ann_api: Api, guest_api: Api, bo: Shop) -> None:
    cart = ann_api.post("/cart/lines", wish(product_of(bo.merchant))).json()
    line = cart["parts"][0]["lines"][0]["id"]
    assert_problem(guest_api("PATCH", f"/cart/lines/{line}", {"quantity": 2}), 404, "not_found")
    assert_problem(guest_api("DELETE", f"/cart/lines/{line}"), 404, "not_found")
    assert CartLine.objects.get().quantity == 1


def test_scopes(ann: Person, bo: Shop, bo_api: Api) -> None:
    tea = product_of(bo.merchant)
    reader = key_of(ann, Scope.TRADES_SEE)
    assert reader.get("/cart").status_code == 200
    assert_problem(reader.post("/cart/lines", wish(tea)), 403, "not_allowed")
    assert_problem(bo_api.get("/cart"), 403, "not_allowed")
    assert not CartLine.objects.exists()


def test_a_repeat_with_a_key(ann_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant)
    first = ann_api.post("/cart/lines", wish(tea), Idempotency_Key="key-00000001")
    again = ann_api.post("/cart/lines", wish(tea), Idempotency_Key="key-00000001")
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert CartLine.objects.get().quantity == 1
    other = ann_api.post("/cart/lines", wish(tea, 2), Idempotency_Key="key-00000001")
    assert_problem(other, 422, "request_key_reused", "Idempotency-Key")
    assert_problem(ann_api.post("/cart/lines", wish(tea), Idempotency_Key="short"), 422, "invalid", "Idempotency-Key")
    assert CartLine.objects.get().quantity == 1


def test_two_callers_may_use_the_same_key(ann_api: Api, guest_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant)
    for api in (ann_api, guest_api):
        assert "Idempotency-Replayed" not in api.post("/cart/lines", wish(tea), Idempotency_Key="key-00000001")
    assert CartLine.objects.count() == 2


def test_a_refused_request_may_be_repeated_with_its_key(ann_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant, state=ProductState.DRAFT)
    assert ann_api.post("/cart/lines", wish(tea), Idempotency_Key="key-00000001").status_code == 409
    tea.state = ProductState.ON_SALE
    tea.save()
    assert ann_api.post("/cart/lines", wish(tea), Idempotency_Key="key-00000001").status_code == 201


def test_a_quote(anybody: Api, bo: Shop, cy: Shop, django_assert_num_queries: Any) -> None:
    tea, bag = product_of(bo.merchant, stock=1), product_of(cy.merchant, prices=(12_000,))
    body = {"lines": [wish(tea, 2), wish(bag)], "province": "浙江省"}
    with django_assert_num_queries(2):
        quoted = anybody.post("/quotes", body).json()
    assert quoted["total"] == 2 * 9900 + 12_000
    assert [part["freight_reason"]["code"] for part in quoted["parts"]]
    assert quoted["refusals"] == [
        {"field": "lines.0.quantity", "code": "stock_short", "message": "Only 1 left of “白瓷茶壶”."}
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lines"),
        ({"lines": []}, "lines"),
        ({"lines": [{}]}, "lines.0.variant_id"),
        ({"lines": [{"variant_id": 1, "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"variant_id": 1, "quantity": 1000}]}, "lines.0.quantity"),
        ({"lines": [{"variant_id": 1, "quantity": "1"}]}, "lines.0.quantity"),
        ({"lines": [{"variant_id": 1, "quantity": 1.0}]}, "lines.0.quantity"),
        ({"lines": [{"variant_id": 1, "quantity": True}]}, "lines.0.quantity"),
        ({"lines": [{"variant_id": 2**63, "quantity": 1}]}, "lines.0.variant_id"),
        ({"lines": [{"variant_id": -1, "quantity": 1}]}, "lines.0.variant_id"),
        ({"lines": [{"variant_id": 1, "quantity": 1, "price": 1}]}, "lines.0.price"),
        ({"lines": [{"variant_id": 1, "quantity": 1, "add_ons": [None]}]}, "lines.0.add_ons.0"),
        ({"lines": [{"variant_id": 1, "quantity": 1}] * 101}, "lines"),
        ({"lines": [{"variant_id": 1, "quantity": 1}], "province": "x" * 41}, "province"),
        ({"lines": [{"variant_id": 1, "quantity": 1}], "province": "a\u0007b"}, "province"),
        ({"lines": [{"variant_id": 1, "quantity": 1}], "total": 1}, "total"),
        ([], "body"),
        ("text", "body"),
    ],
)
def test_bodies_that_do_not_fit(anybody: Api, body: Any, field: str) -> None:
    problem = assert_problem(anybody.post("/quotes", body), 422, "invalid", field)
    assert all(error["message"] and "%(" not in error["message"] for error in problem["errors"])


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"lines": NaN}',
        b'{"lines": [], "lines": []}',
        b'{"province": "\\u0000"}',
        b'{"province": "\\ud800"}',
        b'{"\\ud800": 1}',
        b"[" * 100_000,
        b'{"a":' * 50 + b"1" + b"}" * 50,
        b"1" * 5000,
    ],
)
def test_bodies_that_are_no_json(anybody: Api, body: bytes) -> None:
    answer = anybody.client.post("/api/v1/quotes", data=body, content_type="application/json")
    assert_problem(answer, 400, "unreadable_body")


def test_a_price_that_changed_is_pointed_out(ann_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant)
    ann_api.post("/cart/lines", wish(tea))
    variant = variant_of(tea)
    variant.price = 8800
    variant.save()
    line = ann_api.get("/cart").json()["parts"][0]["lines"][0]
    assert (line["seen_price"], line["unit_price"]) == (9900, 8800)
