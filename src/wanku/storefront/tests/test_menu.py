"""A shop's menu, its basket, and the code on a table."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Shop, variant_of
from tests.kitchen import LUNCH, dish_of, kitchen_of, open_kitchen
from wanku.carts.models import CartLine
from wanku.inventory.models import Supply
from wanku.kinds.meal.facts import kitchen_key
from wanku.kinds.meal.models import Dish, Section, SpecialDay, Table
from wanku.merchants.models import Merchant

NOON = "2026-11-11T04:00Z"
SPICE = [("辣度", 1, 1, [("微辣", 0), ("特辣", 150)])]


@pytest.fixture(autouse=True)
def _lunch(db: None) -> Iterator[None]:
    with time_machine.travel(LUNCH, tick=False):
        yield


@pytest.fixture
def house(bo: Shop) -> Merchant:
    """A kitchen with two dishes."""
    kitchen_of(bo.merchant)
    section = Section.objects.create(merchant=bo.merchant, name="招牌面")
    dish_of(bo.merchant, "番茄牛腩面", portions=4, groups=SPICE)
    plain = dish_of(bo.merchant, "卤蛋", prices=(600,))
    Dish.objects.filter(pk=plain.pk).update(section=section)
    open_kitchen(bo.merchant)
    return bo.merchant


def plain(house: Merchant) -> int:
    return variant_of(Dish.objects.get(product__title="卤蛋").product).pk


def test_the_menu_by_section_with_the_soonest_time(client: Client, house: Merchant) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/s/{house.slug}/menu/", headers={"accept-language": "en"})
    text = page.content.decode()
    assert page.status_code == 200
    assert text.index("招牌面") < text.index("番茄牛腩面")
    assert "soonest 12:00" in text
    assert "4 left today" in text
    before = len(queries)
    dish_of(house, "葱油拌面", groups=SPICE)
    with CaptureQueriesContext(connection) as more:
        client.get(f"/s/{house.slug}/menu/", headers={"accept-language": "en"})
    assert len(more) <= before


def test_what_is_sold_out_full_or_closed_is_said(client: Client, house: Merchant) -> None:
    Dish.objects.filter(product__title="卤蛋").update(off_on=LUNCH.date())
    Supply.objects.filter(key=kitchen_key(house.pk, LUNCH.replace(hour=4, minute=0))).update(free=0, held=10)
    text = client.get(f"/s/{house.slug}/menu/", headers={"accept-language": "en"}).content.decode()
    assert "Sold out" in text
    assert re.search(r'<option value="2026-11-11T04:00Z" disabled>12:00 · full', text)
    assert "soonest 12:15" in text
    SpecialDay.objects.create(merchant=house, first=LUNCH.date(), last=LUNCH.date())
    text = client.get(f"/s/{house.slug}/menu/", headers={"accept-language": "en"}).content.decode()
    assert "The kitchen is closed then. It is open next at" in text


def test_a_dish_goes_into_the_basket_and_to_the_checkout(client: Client, house: Merchant) -> None:
    form = {"variant": plain(house), "choice.at": NOON, "choice.way": "pickup", "choice.table": ""}
    answer = client.post(f"/s/{house.slug}/menu/add/", form, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert 'id="basket"' in answer.content.decode()
    line = CartLine.objects.get()
    assert line.choice == '{"at":"2026-11-11T04:00Z","way":"pickup"}'

    change = {"what": "quantity", "line": line.pk, "quantity": 3}
    client.post(f"/s/{house.slug}/menu/change/", change, headers={"hx-request": "true"})
    assert CartLine.objects.get().quantity == 3
    moved = {"what": "move", "choice.at": "2026-11-11T05:00Z", "choice.way": "delivery"}
    client.post(f"/s/{house.slug}/menu/change/", moved)
    assert CartLine.objects.get().choice == '{"at":"2026-11-11T05:00Z"}'
    checkout = client.post(f"/s/{house.slug}/menu/change/", {"what": "checkout"})
    assert checkout["Location"] == "/checkout/"
    client.post(f"/s/{house.slug}/menu/change/", {"what": "remove", "line": CartLine.objects.get().pk})
    assert not CartLine.objects.exists()


def test_what_cannot_be_had_is_refused_in_the_basket(client: Client, house: Merchant) -> None:
    form = {"variant": plain(house), "choice.at": "2026-11-11T20:00Z", "choice.way": "pickup"}
    answer = client.post(f"/s/{house.slug}/menu/add/", form, headers={"hx-request": "true", "accept-language": "en"})
    assert "The kitchen is closed then" in answer.content.decode()
    assert not CartLine.objects.exists()
    answer = client.post(f"/s/{house.slug}/menu/add/", form)
    assert answer.status_code == 302
    client.post(f"/s/{house.slug}/menu/change/", {"what": "?"}, headers={"hx-request": "true"})
    assert not CartLine.objects.exists()


def test_options_are_chosen_with_their_price_at_once(client: Client, house: Merchant) -> None:
    dish = Dish.objects.get(product__title="番茄牛腩面")
    first, second = dish.groups.get().options.all()
    place = f"/s/{house.slug}/menu/{dish.pk}/"
    text = client.get(place, {"at": NOON, "way": "pickup"}).content.decode()
    assert "¥28.00" in text
    assert re.search(rf'value="{first.pk}" checked', text)
    group = dish.groups.get().pk
    asked: dict[str, str | int] = {"choice.at": NOON, "choice.way": "pickup", f"choice.options.{group}": second.pk}
    text = client.get(place, asked).content.decode()
    assert "辣度: 特辣" in text
    assert "¥1.50" in text


def test_the_code_of_a_table_opens_the_menu_there(client: Client, house: Merchant) -> None:
    token = Table.objects.get().token
    answer = client.get(f"/t/{token}/", follow=True, headers={"accept-language": "en"})
    assert "Table A1" in answer.content.decode()
    form = {"variant": plain(house), "choice.at": NOON, "choice.way": "table", "choice.table": token}
    client.post(f"/s/{house.slug}/menu/add/", form)
    assert token in CartLine.objects.get().choice
    assert client.get("/t/guessed/").status_code == 404


def test_a_shop_without_a_kitchen_has_no_menu(client: Client, cy: Shop) -> None:
    assert client.get(f"/s/{cy.merchant.slug}/menu/").status_code == 404
