"""The kitchen's board, the menu and its settings at the desk."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Shop, category_of
from tests.kitchen import LUNCH, dish_of, kitchen_of, meal_wish, open_kitchen, ordered
from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.fulfilment.models import Booking
from wanku.kinds.meal.models import Dish, Group, Kitchen, Opening, Option, Section, SpecialDay, Table, Zone
from wanku.orders.models import Order

BOARD = "/desk/bo/kitchen/"
HTMX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def _lunch(db: None) -> Iterator[None]:
    with time_machine.travel(LUNCH, tick=False):
        yield


@pytest.fixture
def noodles(bo: Shop) -> Dish:
    """A dish in an open kitchen."""
    kitchen_of(bo.merchant)
    dish = dish_of(bo.merchant, portions=9)
    open_kitchen(bo.merchant)
    return dish


@pytest.fixture
def meal(noodles: Dish, ann_actor: Actor) -> Order:
    """Two portions that are paid."""
    return ordered([meal_wish(noodles, 2)], ann_actor, 5600)


def state(order: Order) -> str:
    return Booking.objects.get(order=order).state


def test_an_order_goes_over_the_board(owner: Client, meal: Order, noodles: Dish, ann_actor: Actor) -> None:
    with CaptureQueriesContext(connection) as few:
        text = owner.get(BOARD).content.decode()
    assert "12:00" in text
    assert "番茄牛腩面" in text
    assert f'data-waiting="{meal.number}"' in text
    step = f"{BOARD}orders/{meal.number}/step/"
    for event, after in (("accept", "accepted"), ("depart", "under_way"), ("finish", "done")):
        answer = owner.post(step, {"event": event}, headers=HTMX)
        assert 'id="board"' in answer.content.decode()
        assert state(meal) == after
    assert meal.number not in owner.get(BOARD).content.decode()
    for _n in range(2):
        ordered([meal_wish(noodles)], ann_actor, 2800)
    with CaptureQueriesContext(connection) as more:
        owner.get(BOARD)
    assert len(more) <= len(few)


def test_what_cannot_be_taken_is_rejected_with_a_reason(owner: Client, meal: Order) -> None:
    step = f"{BOARD}orders/{meal.number}/step/"
    text = owner.post(step, {"event": "reject", "because": ""}, headers=HTMX).content.decode()
    assert "Tell the buyer why" in text
    assert state(meal) == "to_accept"
    assert owner.post(step, {"event": "reject", "because": "太忙了"})["Location"] == BOARD
    assert state(meal) == "rejected"
    owner.post(step, {"event": "fly"}, headers=HTMX)
    assert owner.post(f"{BOARD}orders/26111100000000000/step/", {"event": "accept"}).status_code == 404


def test_who_may_do_what(
    stranger: Client, other: Client, seat: Callable[[str], Client], meal: Order, noodles: Dish
) -> None:
    step = f"{BOARD}orders/{meal.number}/step/"
    assert stranger.get(BOARD).status_code == 302
    assert other.get(BOARD).status_code == 404
    service, clerk = seat("service"), seat("clerk")
    assert service.get(BOARD).status_code == 200
    for deny in (stranger, other, service):
        assert deny.post(step, {"event": "accept"}).status_code in (302, 403, 404)
    assert state(meal) == "to_accept"
    assert clerk.get("/desk/bo/menu/").status_code == 403
    clerk.post(f"{BOARD}dishes/{noodles.pk}/switch/", {"on": "0"})
    assert Dish.objects.get().off_on is not None
    clerk.post(f"{BOARD}dishes/{noodles.pk}/switch/", {"on": "1"}, headers=HTMX)
    assert Dish.objects.get().off_on is None
    clerk.post(f"{BOARD}pause/", {"minutes": "30"}, headers=HTMX)
    assert "Paused until" in clerk.get(BOARD).content.decode()
    clerk.post(f"{BOARD}pause/", {"minutes": "0"})
    assert Kitchen.objects.get().paused_until is None
    clerk.post(f"{BOARD}pause/", {"minutes": "soon"}, headers=HTMX)
    assert Kitchen.objects.get().paused_until is None


def test_before_there_is_a_kitchen_the_way_to_one_is_shown(owner: Client, bo: Shop) -> None:
    assert "/desk/bo/menu/settings/" in owner.get(BOARD).content.decode()
    assert "/desk/bo/menu/settings/" in owner.get("/desk/bo/menu/").content.decode()
    form = {"capacity": "6", "prepare_minutes": "15", "ahead_days": "2", "delivers": "1", "serves": "1"}
    wrong = owner.post("/desk/bo/menu/settings/", {**form, "capacity": "many"})
    assert wrong.status_code == 422
    assert "Write a whole number." in wrong.content.decode()
    assert owner.post("/desk/bo/menu/settings/", form)["Location"] == "/desk/bo/menu/hours/"
    kitchen = Kitchen.objects.get()
    assert (kitchen.capacity, kitchen.delivers, kitchen.hands_out, kitchen.serves) == (6, True, False, True)


def test_hours_and_special_days(owner: Client, noodles: Dish) -> None:
    form = {"d4-o0": "18:00", "d4-c0": "02:00", "d5-o0": "11:00", "d5-c0": "14:00", "d5-o1": "17:00", "d5-c1": "21:00"}
    special = {"rows": "2", "s0-first": "2026-12-31", "s0-last": "", "s0-note": "盘点", "s1-first": ""}
    wrong = owner.post("/desk/bo/menu/hours/", {**form, "d0-o0": "18:00"})
    assert wrong.status_code == 422
    assert 'value="02:00"' in wrong.content.decode()
    assert Opening.objects.count() == 7
    owner.post("/desk/bo/menu/hours/", {**form, **special})
    assert Opening.objects.count() == 3
    assert SpecialDay.objects.get().opens is None
    text = owner.get("/desk/bo/menu/hours/").content.decode()
    assert 'value="18:00"' in text
    assert "盘点" in text


def test_zones(owner: Client, noodles: Dish) -> None:
    text = owner.get("/desk/bo/menu/zones/").content.decode()
    assert 'value="西湖区"' in text
    row = {"z0-name": "滨江", "z0-province": "浙江省", "z0-city": "杭州市", "z0-districts": "滨江区，拱墅区"}
    wrong = owner.post("/desk/bo/menu/zones/", {"rows": "1", **row, "z0-fee": "dear"})
    assert wrong.status_code == 422
    owner.post("/desk/bo/menu/zones/", {"rows": "2", **row, "z0-fee": "6.50", "z0-minimum": "30", "z0-minutes": "40"})
    zone = Zone.objects.get()
    assert (zone.districts, zone.fee, zone.minimum, zone.minutes) == (["滨江区", "拱墅区"], 650, 3000, 40)


def test_tables_and_their_codes(owner: Client, noodles: Dish) -> None:
    before = Table.objects.get().token
    owner.post("/desk/bo/menu/tables/", {"tables": "A1\nA2\n", "renew": "A1"})
    assert Table.objects.get(name="A1").token != before
    assert owner.post("/desk/bo/menu/tables/", {"tables": "A1\nA1"}).status_code == 422
    sheet = owner.get("/desk/bo/menu/tables/codes/").content.decode()
    assert sheet.count("<svg") >= 2
    assert Table.objects.count() == 2


def test_sections_and_places(owner: Client, noodles: Dish) -> None:
    owner.post("/desk/bo/menu/", {"do": "add:", "name": "面"})
    owner.post("/desk/bo/menu/", {"do": "add:", "name": "饭"})
    noodle, rice = Section.objects.order_by("position")
    second = dish_of(noodles.merchant, "葱油拌面")
    Dish.objects.filter(pk=noodles.pk).update(section=noodle, position=0)
    Dish.objects.filter(pk=second.pk).update(section=noodle, position=1)
    owner.post("/desk/bo/menu/", {"do": f"dish-up:{second.pk}"})
    assert Dish.objects.get(pk=second.pk).position == 0
    owner.post("/desk/bo/menu/", {"do": f"down:{noodle.pk}"})
    assert list(Section.objects.values_list("name", flat=True)) == ["饭", "面"]
    owner.post("/desk/bo/menu/", {"do": f"rename:{rice.pk}", "name": "米饭"})
    owner.post("/desk/bo/menu/", {"do": f"remove:{noodle.pk}"})
    assert list(Section.objects.values_list("name", flat=True)) == ["米饭"]
    assert Dish.objects.get(pk=second.pk).section_id is None
    owner.post("/desk/bo/menu/", {"do": "?"})
    assert "葱油拌面" in owner.get("/desk/bo/menu/").content.decode()


def test_a_dish_from_the_form_and_back(owner: Client, noodles: Dish) -> None:
    form = {
        "title": "一人套餐",
        "category": str(category_of().pk),
        "sizes": "小份=26\n大份=32.50",
        "portions": "12",
        "tag": "loved",
        "groups": "3",
        "g0-name": "主食",
        "g0-least": "1",
        "g0-most": "1",
        "g0-options": "番茄牛腩面=3",
        "g0-courses": "1",
        "g1-name": "辣度",
        "g1-least": "0",
        "g1-most": "1",
        "g1-options": "微辣\n特辣=1.5",
    }
    assert owner.post("/desk/bo/menu/dishes/new/", {**form, "step": "group"}).status_code == 200
    wrong = owner.post("/desk/bo/menu/dishes/new/", {**form, "g0-options": "没有的菜"})
    assert wrong.status_code == 422
    assert "is no dish of this menu" in wrong.content.decode()
    assert owner.post("/desk/bo/menu/dishes/new/", {**form, "sizes": "大份=很多"}).status_code == 422
    assert Product.objects.count() == 1

    assert owner.post("/desk/bo/menu/dishes/new/", form)["Location"] == "/desk/bo/menu/"
    dish = Dish.objects.get(product__title="一人套餐")
    assert [v.price for v in dish.product.variants.filter(is_active=True)] == [2600, 3250]
    assert list(Group.objects.filter(dish=dish).values_list("name", "least", "most")) == [
        ("主食", 1, 1),
        ("辣度", 0, 1),
    ]
    assert Option.objects.get(name="番茄牛腩面").of_id == noodles.pk
    text = owner.get(f"/desk/bo/menu/dishes/{dish.pk}/").content.decode()
    assert "大份=32.50" in text
    assert "特辣=1.50" in text
    owner.post(f"/desk/bo/menu/dishes/{dish.pk}/", {**form, "groups": "0", "portions": ""})
    assert not Group.objects.filter(dish=dish).exists()
    assert Dish.objects.get(pk=dish.pk).portions is None


def test_a_dish_of_another_shop_is_not_there(other: Client, cy: Shop, noodles: Dish) -> None:
    kitchen_of(cy.merchant)
    assert other.get(f"/desk/cy/menu/dishes/{noodles.pk}/").status_code == 404
    assert other.post(f"/desk/cy/kitchen/dishes/{noodles.pk}/switch/", {"on": "0"}).status_code in (302, 303, 404)
    assert Dish.objects.get(pk=noodles.pk).off_on is None
