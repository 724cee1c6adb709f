"""Kitchens over REST: set up, opened, and their menus written."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import Shop, category_of
from tests.kitchen import LUNCH, dish_of, kitchen_of
from wanku.access.models import ApiKey
from wanku.api.tests.caller import Api, assert_problem
from wanku.inventory.models import Supply
from wanku.kinds.meal.models import Dish, Group, Kitchen, Opening, Section, SpecialDay

pytestmark = pytest.mark.django_db
SPICE = {"name": "辣度", "least": 1, "options": [{"name": "微辣"}, {"name": "特辣", "price": 100}]}
NOODLES = {
    "title": "番茄牛腩面",
    "category": "home",
    "sizes": [{"name": "大碗", "price": 3200}, {"name": "小碗", "price": 2600}],
    "portions": 30,
    "tags": ["hot"],
    "groups": [SPICE],
}
WEEK = {"week": [[{"opens": "11:00", "closes": "14:00"}, {"opens": "17:00", "closes": "01:00"}]] * 5}


def test_a_shop_sets_up_a_kitchen_and_its_hours(bo_api: Api, bo: Shop) -> None:
    path = "/merchants/bo/kitchen"
    assert_problem(bo_api.get(path), 409, "no_menu")
    assert_problem(bo_api.get("/merchants/bo/opening-hours"), 409, "no_menu")
    assert_problem(bo_api("PUT", "/merchants/bo/opening-hours", WEEK), 409, "no_menu")
    told = {"capacity": 8, "prepare_minutes": 15, "ahead_days": 1, "serves": True}
    made = bo_api("PUT", path, told)
    assert (made.status_code, made.json()["capacity"], made.json()["delivers"]) == (200, 8, True)
    assert bo_api.get(path).json() == made.json()
    none = {**told, "delivers": False, "hands_out": False, "serves": False}
    assert_problem(bo_api("PUT", path, none), 422, "bad_value", "delivers")
    with time_machine.travel(LUNCH, tick=False):
        special = {"first": "2026-12-24", "last": "2026-12-26", "note": "圣诞"}
        hours = {**WEEK, "special": [special]}
        answer = bo_api("PUT", "/merchants/bo/opening-hours", hours)
        assert answer.status_code == 200
        assert answer.json() == {"week": [*WEEK["week"], [], []], "special": [{**special, "hours": None}]}
        assert bo_api.get("/merchants/bo/opening-hours").json() == answer.json()
        assert Supply.objects.filter(put_in=8).exists()
        wrong = {**WEEK, "special": [{**special, "last": "2026-12-01"}]}
        assert_problem(bo_api("PUT", "/merchants/bo/opening-hours", wrong), 422, "bad_value", "special.0.last")
        weeks: list[Any] = [[[{"opens": "24:00", "closes": "25:00"}]], [[{"opens": "9", "closes": "10:00"}]], [[]] * 8]
        for week in weeks:
            assert bo_api("PUT", "/merchants/bo/opening-hours", {"week": week}).status_code == 422
        assert (Opening.objects.count(), SpecialDay.objects.get().note) == (10, "圣诞")


def test_a_menu_is_written_and_arranged(bo_api: Api, bo: Shop) -> None:
    kitchen_of(bo.merchant, ahead_days=1)
    category_of()
    assert bo_api.get("/merchants/bo/menu").json() == []
    made = bo_api.post("/merchants/bo/dishes", NOODLES)
    assert made.status_code == 201
    noodles = made.json()
    assert [size["price"] for size in noodles["sizes"]] == [3200, 2600]
    assert noodles["groups"][0]["options"][1] == {"name": "特辣", "price": 100, "of": None}
    assert (noodles["portions"], noodles["sold_out"], noodles["tags"]) == (30, False, ["hot"])
    main = {"name": "主食", "least": 1, "options": [{"name": "面", "of": noodles["id"]}]}
    combo = bo_api.post(
        "/merchants/bo/dishes", {"title": "套餐", "category": "home", "sizes": [{"price": 3600}], "groups": [main]}
    ).json()
    assert combo["groups"][0]["options"][0]["of"] == noodles["id"]
    menu = bo_api("PUT", "/merchants/bo/menu", {"sections": [{"name": "面", "dishes": [noodles["id"]]}]}).json()
    assert [(part["name"], [dish["title"] for dish in part["dishes"]]) for part in menu] == [
        ("面", ["番茄牛腩面"]),
        ("", ["套餐"]),
    ]
    section = menu[0]["id"]
    path = f"/merchants/bo/dishes/{noodles['id']}"
    again = bo_api("PUT", path, {**NOODLES, "portions": 5, "section_id": section}).json()
    assert (again["portions"], again["section_id"]) == (5, section)
    assert bo_api.get(path).json() == again
    assert bo_api.get("/merchants/bo/menu").json()[0]["dishes"] == [again]


def test_sold_out_and_pause_are_for_who_fulfils(bo_api: Api, bo: Shop) -> None:
    kitchen_of(bo.merchant)
    dish = dish_of(bo.merchant)
    path = f"/merchants/bo/dishes/{dish.pk}"
    with time_machine.travel(LUNCH, tick=False):
        assert bo_api("PUT", f"{path}/sold-out", {"sold_out": True}).status_code == 204
        assert bo_api.get(path).json()["sold_out"]
        paused = bo_api("PUT", "/merchants/bo/kitchen/pause", {"minutes": 30}).json()
        assert paused["paused_until"] is not None
        assert bo_api("PUT", "/merchants/bo/kitchen/pause", {"minutes": 0}).json()["paused_until"] is None
    with time_machine.travel(LUNCH + timedelta(days=1), tick=False):
        assert not bo_api.get(path).json()["sold_out"], "tomorrow it is there by itself"
    ApiKey.objects.update(scopes=["orders.fulfil"])
    assert bo_api("PUT", f"{path}/sold-out", {"sold_out": False}).status_code == 204
    assert Dish.objects.get().off_on is None
    assert_problem(bo_api("PUT", path, NOODLES), 403, "not_allowed")
    ApiKey.objects.update(scopes=["products.edit"])
    for address, body in ((f"{path}/sold-out", {"sold_out": True}), ("/merchants/bo/kitchen/pause", {"minutes": 5})):
        assert_problem(bo_api("PUT", address, body), 403, "not_allowed")
    assert (Dish.objects.get().off_on, Kitchen.objects.get().paused_until) == (None, None)


def test_refusals_change_nothing(bo_api: Api, ann_api: Api, bo: Shop, cy: Shop) -> None:
    assert_problem(bo_api.post("/merchants/bo/dishes", {**NOODLES, "category": "moon"}), 422, "bad_value", "category")
    category_of()
    assert_problem(bo_api.post("/merchants/bo/dishes", NOODLES), 409, "no_menu")
    kitchen_of(bo.merchant)
    kitchen_of(cy.merchant)
    theirs, section = dish_of(cy.merchant), Section.objects.create(merchant=cy.merchant, name="面")
    assert_problem(bo_api.get(f"/merchants/bo/dishes/{theirs.pk}"), 404, "not_found")
    assert_problem(bo_api("PUT", f"/merchants/bo/dishes/{theirs.pk}", NOODLES), 404, "not_found")
    assert_problem(bo_api("PUT", f"/merchants/bo/dishes/{theirs.pk}/sold-out", {"sold_out": True}), 404, "not_found")
    assert_problem(bo_api.post("/merchants/bo/dishes", {**NOODLES, "section_id": section.pk}), 404, "not_found")
    menu = {"sections": [{"name": "面", "dishes": [theirs.pk]}]}
    assert_problem(bo_api("PUT", "/merchants/bo/menu", menu), 404, "not_found")
    twice = {"sections": [{"name": "面"}, {"name": "面"}]}
    assert_problem(bo_api("PUT", "/merchants/bo/menu", twice), 422, "bad_value", "sections.1.name")
    few = {**NOODLES, "groups": [{**SPICE, "most": 3}]}
    assert_problem(bo_api.post("/merchants/bo/dishes", few), 422, "bad_value", "groups.0.most")
    free = {**NOODLES, "sizes": [{"price": 0}]}
    assert_problem(bo_api.post("/merchants/bo/dishes", free), 422, "bad_value", "sizes.0.price")
    for address in ("menu", "kitchen", "opening-hours"):
        assert_problem(ann_api.get(f"/merchants/bo/{address}"), 404, "not_found")
        assert_problem(bo_api.get(f"/merchants/cy/{address}"), 404, "not_found")
    assert (Dish.objects.count(), Section.objects.count(), Group.objects.count()) == (1, 1, 0)
    assert Dish.objects.get().off_on is None


def test_where_a_kitchen_delivers_to(bo_api: Api, ann_api: Api, bo: Shop) -> None:
    path = "/merchants/bo/delivery-zones"
    zone = {"name": "近", "province": "浙江省", "city": "杭州市", "districts": ["西湖区"], "fee": 500}
    assert_problem(bo_api("PUT", path, {"zones": [zone]}), 409, "no_menu")
    kitchen_of(bo.merchant)
    answer = bo_api("PUT", path, {"zones": [zone]})
    assert answer.json() == {"zones": [{**zone, "minimum": 0, "minutes": 30}]}
    strange = {"zones": [zone, {**zone, "province": "火星"}]}
    assert_problem(bo_api("PUT", path, strange), 422, "bad_value", "zones.1.province")
    assert_problem(ann_api("PUT", path, {"zones": []}), 404, "not_found")
    assert bo_api.get(path).json() == answer.json()
