"""Stays over REST: found, set up, painted."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import Shop, product_of
from wanku.api.tests.caller import Api, assert_problem
from wanku.inventory.models import Supply
from wanku.kinds.stay.models import Place, Property, RoomType
from wanku.kinds.stay.prices import supply_key
from wanku.kinds.stay.tests.houses import TODAY, house_of, room_of

pytestmark = pytest.mark.django_db
FIRST = TODAY + timedelta(days=3)
RATE = {"name": "含早", "meal": "breakfast", "plus": 6_800, "notice": [{"hours": 24, "bp": 0}]}
ROOM = {"name": "双床房", "rooms": 3, "price": 50_000, "rates": [RATE]}


def test_a_program_finds_a_house_and_orders_it(anybody: Api, bo: Shop) -> None:
    house_of(bo.merchant, first=TODAY)
    [place] = anybody.get("/stay-places").json()
    assert (place["name"], place["houses"]) == ("杭州", 1)
    days = f"check_in={FIRST}&check_out={FIRST + timedelta(days=2)}"
    [found] = anybody.get(f"/stays?place={place['id']}&{days}&rooms=2").json()
    assert (found["total"], found["rooms_left"], found["meal"]) == (200_000, 2, "breakfast")
    choice = {"check_in": str(FIRST), "check_out": str(FIRST + timedelta(days=2)), "adults": 3}
    line = {"variant_id": found["variant_id"], "quantity": 1, "choice": choice}
    quote = anybody.post("/quotes", {"lines": [line]}).json()
    assert (quote["total"], quote["refusals"]) == (120_000, [])
    assert anybody.get(f"/stays?place={place['id']}&{days}&budget=99999").json() == []
    assert anybody.get(f"/stays?place={place['id']}&{days}&facility=pool").json() == []
    for odd in (f"check_in={FIRST}&check_out={FIRST}", f"check_in=0001-01-01&check_out={FIRST}"):
        assert_problem(anybody.get(f"/stays?place={place['id']}&{odd}"), 422, "bad_value", "check_out")
    Place.objects.update(is_hidden=True)
    assert anybody.get("/stay-places").json() == anybody.get(f"/stays?place={place['id']}&{days}").json() == []


def test_a_shop_sets_up_a_house(bo_api: Api, bo: Shop) -> None:
    product = product_of(bo.merchant, kind="stay")
    path = f"/merchants/bo/houses/{product.pk}"
    assert bo_api("PUT", path, {"place": "苏州", "address": "平江路 1 号", "ahead_days": 10}).status_code == 204
    assert Place.objects.get().name == "苏州"
    made = bo_api.post(f"{path}/rooms", ROOM)
    assert made.status_code == 201
    room = made.json()
    assert [rate["price"] for rate in room["rates"]] == [56_800]
    assert Supply.objects.filter(key__startswith=f"night:{room['id']}:", free=3).count() == 12
    kept = {**RATE, "variant_id": room["rates"][0]["variant_id"], "name": "含双早"}
    again = bo_api("PUT", f"{path}/rooms/{room['id']}", {**ROOM, "price": 60_000, "rates": [kept]}).json()
    assert [(rate["variant_id"], rate["name"]) for rate in again["rates"]] == [(kept["variant_id"], "含双早")]
    assert bo_api.get(f"{path}/rooms").json() == [again]
    twice = {"rates": [RATE, RATE]}
    assert_problem(bo_api("PUT", f"{path}/rooms/{room['id']}", {**ROOM, **twice}), 422, "bad_value", "rates.1.name")


@pytest.mark.parametrize(
    ("name", "odd"), [("check_in", 15), ("check_in", "54000"), ("check_out", "12:00Z"), ("check_in", "3 p.m.")]
)
def test_a_time_of_day_is_no_number(bo_api: Api, bo: Shop, name: str, odd: Any) -> None:
    product = product_of(bo.merchant, kind="stay")
    body = {"place": "苏州", "address": "平江路 1 号", name: odd}
    answer = bo_api("PUT", f"/merchants/bo/houses/{product.pk}", body)
    assert_problem(answer, 422, "invalid", name)
    assert answer.json()["errors"][0]["message"] == "This must be a time of day, such as 15:00."
    assert not Property.objects.exists()


@pytest.mark.parametrize("odd", [0, "0", "1762819200", "2026-11-11T00:00", "2026-13-01", "tomorrow"])
def test_a_day_is_no_number(bo_api: Api, bo: Shop, odd: Any) -> None:
    room = room_of(house_of(bo.merchant, first=TODAY, ahead_days=30))
    path = f"/merchants/bo/houses/{room.property_id}/rooms/{room.pk}/nights"
    answer = bo_api.post(path, {"first": odd, "last": str(FIRST), "closed": True})
    assert_problem(answer, 422, "invalid", "first")
    assert answer.json()["errors"][0]["message"] == "This must be a day, such as 2026-11-22."
    assert_problem(bo_api.get(f"{path}?first={odd}"), 422, "invalid", "first")
    assert not any(night["closed"] for night in bo_api.get(path).json())


def test_a_shop_paints_its_calendar(bo_api: Api, bo: Shop) -> None:
    room = room_of(house_of(bo.merchant, first=TODAY, ahead_days=30))
    path = f"/merchants/bo/houses/{room.property_id}/rooms/{room.pk}/nights"
    last = FIRST + timedelta(days=1)
    stroke = {"first": str(FIRST), "last": str(last), "price": 77_700, "rooms": 1, "closed": True}
    assert bo_api.post(path, stroke).json() == {"nights": 2}
    nights = bo_api.get(f"{path}?first={FIRST}&days=3").json()
    assert [(night["price"], night["closed"], night["rooms"]) for night in nights] == [
        (77_700, True, 1),
        (77_700, True, 1),
        (50_000, False, 2),
    ]
    assert_problem(bo_api.post(path, {"first": str(FIRST), "last": str(last)}), 422, "bad_value", "what")
    assert Supply.objects.get(key=supply_key(room.pk, last)).put_in == 1


def test_only_ones_own(bo_api: Api, cy: Shop, bo: Shop) -> None:
    theirs, mine = room_of(house_of(cy.merchant)), house_of(bo.merchant)
    for house in (theirs.property_id, mine.pk):
        path = f"/merchants/bo/houses/{house}/rooms/{theirs.pk}"
        assert_problem(bo_api.get(f"{path}/nights?first={FIRST}"), 404, "not_found")
        assert_problem(bo_api("PUT", path, ROOM), 404, "not_found")
        assert_problem(bo_api.post(f"{path}/nights", {"first": str(FIRST), "last": str(FIRST)}), 404, "not_found")
    house = f"/merchants/bo/houses/{theirs.property_id}"
    assert_problem(bo_api("PUT", house, {"place": "X", "address": "Y"}), 404, "not_found")
    assert_problem(bo_api.post(f"{house}/rooms", ROOM), 404, "not_found")
    assert_problem(bo_api.get(f"{house}/rooms"), 404, "not_found")
    assert RoomType.objects.count() == 2
