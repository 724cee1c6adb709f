"""Journeys over REST: found, put on offer, changed, called off."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop, product_of, variant_of
from wanku.api.tests.caller import Api, assert_problem
from wanku.inventory.models import Supply
from wanku.kinds.seat.models import Departure, SeatTerms
from wanku.kinds.seat.tests.world import STARTS, TABLE, departure_of, seat_product

pytestmark = pytest.mark.django_db
DAY = (NOW + timedelta(days=40)).date()


def test_a_program_finds_a_departure_and_prices_it(anybody: Api, bo: Shop) -> None:
    product = seat_product(bo)
    row = departure_of(product, minimum=4, fares=[70000, None])
    [found] = anybody.get("/journeys?origin=上海&destination=东京&people=2&budget=70000").json()
    assert (found["id"], found["state"], found["missing"]) == (row.pk, "open", 4)
    assert [(c["price"], c["free"]) for c in found["cabins"]] == [(70000, 10), (188000, 10)]
    assert anybody.get("/journeys?budget=100").json() == []
    assert anybody.get(f"/products/{product.pk}/departures").json() == [found]
    line = {"variant_id": found["cabins"][0]["variant_id"], "quantity": 2, "choice": {"departure": row.pk}}
    quote = anybody.post("/quotes", {"lines": [line]}).json()
    assert (quote["total"], quote["refusals"]) == (140000, [])
    assert_problem(anybody.get("/products/999999/departures"), 404, "not_found")


def test_a_shop_puts_departures_on_offer(bo_api: Api, bo: Shop) -> None:
    product = product_of(bo.merchant, kind="seat")
    variant = variant_of(product).pk
    path = f"/merchants/bo/products/{product.pk}"
    body = {
        "origin": "上海",
        "destination": "杭州",
        "zone_from": "Asia/Shanghai",
        "zone_to": "Asia/Shanghai",
        "first": str(DAY),
        "last": str(DAY + timedelta(days=2)),
        "leaves": "08:00",
        "arrives": "12:00",
        "cabins": [{"variant_id": variant, "seats": 20}],
    }
    assert_problem(bo_api.post(f"{path}/departures", body), 409, "no_terms")
    terms = {"real_name": False, "cancellation": TABLE}
    assert bo_api("PUT", f"{path}/seat-terms", terms).status_code == 204
    assert SeatTerms.objects.get().cancellation == TABLE
    made = bo_api.post(f"{path}/departures", body)
    assert made.status_code == 201 and len(made.json()["items"]) == 3
    assert Departure.objects.count() == 3
    assert_problem(bo_api.post(f"{path}/departures", {**body, "minimum": 21}), 422, "bad_value", "minimum")
    assert len(bo_api.get("/merchants/bo/departures").json()) == 3


def test_a_shop_changes_and_calls_off(bo_api: Api, bo: Shop) -> None:
    row = departure_of(seat_product(bo), minimum=4)
    variant = variant_of(row.product).pk
    path = f"/merchants/bo/departures/{row.pk}"
    changed = bo_api("PUT", f"{path}/cabins/{variant}", {"seats": 30, "price": 60000}).json()
    assert (changed["cabins"][0]["price"], changed["cabins"][0]["free"]) == (60000, 30)
    assert bo_api.post(f"{path}/confirm").json()["state"] == "confirmed"
    assert_problem(bo_api.post(f"{path}/confirm"), 409, "wrong_state")
    assert bo_api.post(f"{path}/cancel", {"because": "台风"}).json()["state"] == "cancelled"
    assert Supply.objects.get(key=row.key(variant)).free == 0
    assert_problem(bo_api.post(f"{path}/cancel", {"because": "台风"}), 409, "wrong_state")


def test_only_ones_own(bo_api: Api, cy: Shop, bo: Shop) -> None:
    row = departure_of(seat_product(cy))
    path = f"/merchants/bo/departures/{row.pk}"
    assert_problem(bo_api.post(f"{path}/cancel", {"because": "storm"}), 404, "not_found")
    assert_problem(bo_api.post(f"{path}/confirm"), 404, "not_found")
    assert_problem(bo_api("PUT", f"{path}/cabins/1", {"seats": 3}), 404, "not_found")
    assert_problem(
        bo_api("PUT", f"/merchants/bo/products/{row.product_id}/seat-terms", {"real_name": True, "cancellation": []}),
        404,
        "not_found",
    )
    assert Departure.objects.get().starts_at == STARTS and Departure.objects.get().state == "confirmed"
