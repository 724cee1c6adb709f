"""Placing an order by API, paying it, and following it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connections

from tests.bank import Bank
from tests.bought import paid
from tests.cast import ADDRESS, NOW, Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.access.scopes import PERSON_SCOPES, Scope
from wanku.api.tests.caller import Api, assert_problem, key_of, pages
from wanku.api.tests.shopping import order_body, place, wish
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.kernel.models import RequestKey
from wanku.orders.models import Order, Trade
from wanku.payments.models import Attempt
from wanku.people.models import Person


@pytest.mark.parametrize("who", ["ann_api", "guest_api"])
def test_an_order_from_two_shops(request: pytest.FixtureRequest, who: str, bo: Shop, cy: Shop) -> None:
    api: Api = request.getfixturevalue(who)
    tea = product_of(bo.merchant, add_ons=[("gift", 500)])
    bag = product_of(cy.merchant, prices=(12_000,))
    lines = [wish(tea, 2, tea.add_ons.get().pk), wish(bag)]
    answer = place(api, *lines, notes=[{"merchant": "bo", "text": "请轻放"}])
    assert answer.status_code == 201, answer.content.decode()
    trade = answer.json()
    assert (trade["state"], trade["amount"]) == ("placed", 2 * 10_400 + 12_000)
    assert {o["merchant"]["slug"]: o["note"] for o in trade["orders"]} == {"bo": "请轻放", "cy": ""}
    assert trade["contact"]["phone"] == "+8613800138000"
    assert supply_of(variant_of(tea)).held == 2
    assert api.get(f"/trades/{trade['number']}").json() == trade
    assert [t["number"] for t in api.get("/trades").json()["items"]] == [trade["number"]]
    assert len(api.get("/orders?state=placed").json()["items"]) == 2
    assert api.get("/orders?state=paid").json()["items"] == []
    steps = api.get(f"/trades/{trade['number']}/timeline").json()["items"]
    assert [step["event"] for step in steps] == ["place"] * 3


def test_queries_of_placing(ann_api: Api, bo: Shop, cy: Shop, django_assert_num_queries: Any) -> None:
    lines = [wish(product_of(shop.merchant), 1) for shop in (bo, cy)]
    body = order_body(ann_api, *lines)
    place(ann_api, lines[0])
    with django_assert_num_queries(11):
        assert ann_api.post("/orders", body, Idempotency_Key="key-00000001").status_code == 201
    many = [wish(product_of(shop.merchant), 1) for shop in (bo, cy) for _ in range(10)]
    body = order_body(ann_api, *many)
    with django_assert_num_queries(11):
        assert ann_api.post("/orders", body, Idempotency_Key="key-00000002").status_code == 201


def test_queries_of_lists_do_not_grow(ann_api: Api, bo: Shop, django_assert_num_queries: Any) -> None:
    tea = product_of(bo.merchant, stock=100)
    for _ in range(3):
        place(ann_api, wish(tea))
    for path, queries in (("/trades", 5), ("/orders", 4)):
        with django_assert_num_queries(queries):
            assert len(ann_api.get(path).json()["items"]) == 3


def test_pages_of_trades(ann_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant, stock=100)
    numbers = [place(ann_api, wish(tea)).json()["number"] for _ in range(5)]
    assert [t["number"] for t in pages(ann_api, "/trades?limit=2")] == numbers[::-1]


def test_a_repeat_gives_the_same_trade(ann_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant)
    body = order_body(ann_api, wish(tea))
    first = ann_api.post("/orders", body, Idempotency_Key="key-00000001")
    again = ann_api.post("/orders", body, Idempotency_Key="key-00000001")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    other = ann_api.post("/orders", {**body, "lines": [wish(tea, 2)]}, Idempotency_Key="key-00000001")
    assert_problem(other, 422, "request_key_reused", "Idempotency-Key")
    assert Trade.objects.count() == 1
    assert supply_of(variant_of(tea)).held == 1


def test_an_order_needs_a_key(ann_api: Api, bo: Shop) -> None:
    body = order_body(ann_api, wish(product_of(bo.merchant)))
    assert_problem(ann_api.post("/orders", body), 422, "invalid", "Idempotency-Key")
    assert_problem(ann_api.post("/orders", body, Idempotency_Key="ключ-ключ"), 422, "invalid", "Idempotency-Key")
    assert not Trade.objects.exists()


def test_refusals_of_placing_change_nothing(ann_api: Api, anybody: Api, bo: Shop, ann: Person) -> None:
    tea = product_of(bo.merchant, stock=2)
    body = order_body(ann_api, wish(tea))
    cases: list[tuple[dict[str, Any], int, str, str]] = [
        ({"agreed_total": 1}, 409, "price_changed", "agreed_total"),
        ({"lines": [wish(tea, 3)]}, 409, "stock_short", "lines.0.quantity"),
        ({"contact": {"name": "A"}}, 422, "no_contact", "contact.phone"),
        ({"contact": {"name": "A", "phone": "99999999999999999"}}, 422, "bad_phone", "contact.phone"),
        ({"contact": {"name": " ", "phone": "13800138000"}}, 422, "invalid", "contact.name"),
        ({"contact": {"name": "A", "email": "a@b"}}, 422, "invalid", "contact.email"),
        ({"address": {**ADDRESS, "city": ""}}, 422, "invalid", "address.city"),
        ({"address": {**ADDRESS, "planet": "x"}}, 422, "invalid", "address.planet"),
        ({"notes": [{"merchant": "nobody", "text": "x"}]}, 404, "not_found", "notes.0.merchant"),
        ({"agreed_total": -1}, 422, "invalid", "agreed_total"),
        ({"agreed_total": 10**14}, 422, "invalid", "agreed_total"),
    ]
    for change, status, code, field in cases:
        answer = ann_api.post("/orders", {**body, **change}, Idempotency_Key=uuid4().hex)
        assert_problem(answer, status, code, field)
    changed = ann_api.post("/orders", {**body, "agreed_total": 1}, Idempotency_Key=uuid4().hex).json()
    assert changed["facts"]["total"] == {"amount": 9900, "currency": "CNY"}
    assert_problem(anybody.post("/orders", body, Idempotency_Key=uuid4().hex), 401, "sign_in")
    reader = key_of(ann, Scope.TRADES_SEE)
    assert_problem(reader.post("/orders", body, Idempotency_Key=uuid4().hex), 403, "not_allowed")
    assert not Trade.objects.exists()
    assert supply_of(variant_of(tea)).free == 2


def test_others_see_nothing(ann_api: Api, guest_api: Api, bo_api: Api, other_actor: Actor, bo: Shop) -> None:
    trade = place(ann_api, wish(product_of(bo.merchant))).json()
    order = trade["orders"][0]["number"]
    eve = key_of(Person.objects.get(pk=other_actor.person_id or 0), *PERSON_SCOPES)
    for api in (guest_api, eve):
        for path in (f"/trades/{trade['number']}", f"/trades/{trade['number']}/timeline", f"/orders/{order}"):
            assert_problem(api.get(path), 404, "not_found")
        for path in (f"/trades/{trade['number']}/cancel", f"/orders/{order}/confirm", f"/orders/{order}/extend"):
            assert_problem(api.post(path), 404, "not_found")
        assert_problem(api.get(f"/trades/{trade['number']}/attempts"), 404, "not_found")
        assert_problem(api.post(f"/orders/{order}/withdraw", {}), 404, "not_found")
        body = {"gateway": "sandbox", "method": "page"}
        assert_problem(api.post(f"/trades/{trade['number']}/attempts", body), 404, "not_found")
        assert api.get("/trades").json()["items"] == []
    assert_problem(bo_api.get(f"/trades/{trade['number']}"), 403, "not_allowed")
    assert Trade.objects.get().state == "placed"


def test_cancel(ann_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant)
    number = place(ann_api, wish(tea)).json()["number"]
    assert ann_api.post(f"/trades/{number}/cancel").json()["state"] == "cancelled"
    assert supply_of(variant_of(tea)).free == 10
    assert_problem(ann_api.post(f"/trades/{number}/cancel"), 409, "wrong_state")


def test_pay(ann_api: Api, bo: Shop, bank: Bank) -> None:
    number = place(ann_api, wish(product_of(bo.merchant))).json()["number"]
    methods = ann_api.get("/payment-methods").json()["items"]
    assert {"gateway": "sandbox", "method": "page"}.items() <= methods[0].items()
    body = {"gateway": "sandbox", "method": "page"}
    attempt = ann_api.post(f"/trades/{number}/attempts", body, Idempotency_Key="key-00000001").json()
    assert (attempt["state"], attempt["amount"]) == ("pending", 9900)
    again = ann_api.post(f"/trades/{number}/attempts", body, Idempotency_Key="key-00000001")
    assert again.json() == attempt
    assert again["Idempotency-Replayed"] == "true"
    bank.pay(attempt["pay_url"], attempt["number"], NOW)
    path = f"/trades/{number}/attempts/{attempt['number']}"
    assert ann_api.get(path).json()["state"] == "captured"
    assert ann_api.get(f"/trades/{number}").json()["state"] == "paid"
    assert_problem(ann_api.post(f"/trades/{number}/attempts", body), 409, "already_paid")
    assert_problem(ann_api.get(f"/trades/{number}/attempts/{number}"), 404, "not_found")


def test_payments_that_cannot_start(ann_api: Api, bo: Shop, bank: Bank) -> None:
    number = place(ann_api, wish(product_of(bo.merchant))).json()["number"]
    path = f"/trades/{number}/attempts"
    assert_problem(ann_api.post(path, {"gateway": "sandbox", "method": "none"}), 422, "no_such_method", "method")
    assert_problem(ann_api.post(path, {"gateway": "sandbox"}), 422, "invalid", "method")
    with time_machine.travel(NOW + timedelta(minutes=16)):
        late = ann_api.post(path, {"gateway": "sandbox", "method": "page"}, Idempotency_Key="key-00000001")
        assert_problem(late, 409, "payment_too_late")
    assert not RequestKey.objects.exists()
    assert not Attempt.objects.exists()


def test_withdraw(ann_api: Api, ann_actor: Actor, bo: Shop) -> None:
    tea = product_of(bo.merchant)
    order = paid(ann_actor, (tea, 2))[0]
    answer = ann_api.post(f"/orders/{order.number}/withdraw", {"because": "changed my mind"}).json()
    assert answer["state"] == "closed"
    assert [refund["amount"] for refund in answer["refunds"]] == [2 * 9900]
    assert_problem(ann_api.post(f"/orders/{order.number}/withdraw", {}), 409, "wrong_state")
    assert supply_of(variant_of(tea)).free == 10


def test_receive(ann_api: Api, ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 2))[0]
    assert_problem(ann_api.post(f"/orders/{order.number}/confirm"), 409, "not_receivable")
    assert_problem(ann_api.post(f"/orders/{order.number}/urge"), 409, "not_late")
    ship_order(order.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW)
    parcels = ann_api.get(f"/orders/{order.number}/parcels").json()["items"]
    assert [(p["carrier"], p["tracking"], p["lines"][0]["quantity"]) for p in parcels] == [("sf", "SF1234567890123", 2)]
    assert ann_api.post(f"/orders/{order.number}/extend").json()["due_at"] > NOW.isoformat()
    assert_problem(ann_api.post(f"/orders/{order.number}/extend"), 409, "already_extended")
    assert ann_api.post(f"/orders/{order.number}/confirm").json()["state"] == "completed"
    assert Order.objects.get(pk=order.pk).completed_at is not None


def test_correct_the_delivery(ann_api: Api, ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    path = f"/orders/{order.number}/delivery"
    changed = ann_api("PATCH", path, {"address": {**ADDRESS, "line": "文三路 2 号"}, "note": "周末送"}).json()
    assert (changed["address"]["line"], changed["note"]) == ("文三路 2 号", "周末送")
    assert_problem(
        ann_api("PATCH", path, {"address": {**ADDRESS, "phone": "99999999999999999"}}),
        422,
        "bad_phone",
        "address.phone",
    )
    assert Order.objects.get(pk=order.pk).address["line"] == "文三路 2 号"


def test_a_guest_tracks(guest_api: Api, anybody: Api, bo: Shop, guest_actor: Actor) -> None:
    trade = place(guest_api, wish(product_of(bo.merchant))).json()
    body = {"number": trade["orders"][0]["number"], "contact": "ann@example.com"}
    found = anybody.post("/tracking", body).json()
    assert found["trade"]["number"] == trade["number"]
    path = f"/trades/{trade['number']}"
    assert_problem(anybody.get(path), 401, "sign_in")
    assert anybody.get(path, X_Guest_Token=found["token"]).json()["number"] == trade["number"]
    assert_problem(anybody.post("/tracking", {**body, "contact": "eve@example.com"}), 404, "no_match")
    assert_problem(anybody.post("/tracking", {**body, "number": "123"}), 422, "invalid", "number")
    guesses = [anybody.post("/tracking", {**body, "contact": "13900139000"}) for _ in range(30)]
    assert_problem(guesses[-1], 429, "too_often")


@pytest.mark.django_db(transaction=True)
def test_a_double_submission_at_the_same_moment(ann_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant, stock=50)
    body = order_body(ann_api, wish(tea))

    def submit(_: int) -> Any:
        try:
            return ann_api.post("/orders", body, Idempotency_Key="key-00000001")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(submit, range(8)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["number"] for a in answers}) == 1
    assert Trade.objects.count() == 1
    assert supply_of(variant_of(tea)).held == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_cart_line_at_the_same_moment(ann_api: Api, bo: Shop) -> None:
    tea = product_of(bo.merchant, stock=50)

    def submit(_: int) -> Any:
        try:
            return ann_api.post("/cart/lines", wish(tea), Idempotency_Key="key-00000001")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(submit, range(8)))
    assert {a.status_code for a in answers} == {201}
    assert sum("Idempotency-Replayed" in a for a in answers) == 7
    assert ann_api.get("/cart").json()["pieces"] == 1
