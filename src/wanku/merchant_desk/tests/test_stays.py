"""Houses at the desk: set up, priced, painted."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Shop, product_of
from wanku.inventory.models import Supply
from wanku.kinds.stay.models import Night, Property, Rate, RoomType, Season
from wanku.kinds.stay.prices import supply_key
from wanku.kinds.stay.tests.houses import house_of, room_of

pytestmark = pytest.mark.django_db
HOUSE = {
    "place": "杭州",
    "address": "北山街 1 号",
    "zone": "Asia/Shanghai",
    "check_in": "15:00",
    "check_out": "12:00",
    "ahead_days": "10",
    "facilities": ["wifi", "garden"],
}
ROOM = {
    "name": "湖景双床房",
    "rooms": "3",
    "included": "2",
    "most": "3",
    "price": "588",
    "adult_fee": "100",
    "day4": "688",
    "day5": "688",
    "rates": "2",
    "r0-name": "含双早",
    "r0-meal": "breakfast",
    "r0-plus": "68",
    "r0-notice": "48=0\n0=50",
    "r0-min_nights": "1",
    "r0-max_nights": "14",
    "r0-long_stays": "7=10",
    "r1-name": "",
}


def test_from_a_product_to_nights_on_sale(owner: Client, bo: Shop) -> None:
    product = product_of(bo.merchant, "湖畔小院", kind="stay")
    address = f"/desk/bo/stays/{product.pk}/"
    assert owner.get(address).status_code == 200
    assert owner.get(f"{address}nights/").status_code == 404
    assert owner.post(address, HOUSE).status_code == 303
    house = Property.objects.get()
    assert (house.place.name, house.facilities) == ("杭州", ["wifi", "garden"])
    assert owner.get(f"{address}rooms/new/").status_code == 200
    assert owner.post(f"{address}rooms/new/", ROOM).status_code == 303
    room, rate = RoomType.objects.get(), Rate.objects.get()
    assert (room.price, room.weekdays[4], rate.plus, rate.long_stays) == (
        58_800,
        68_800,
        6_800,
        [{"nights": 7, "bp": 1000}],
    )
    assert Supply.objects.filter(key__startswith=f"night:{room.pk}:", free=3).count() == 12
    page = owner.get(f"{address}rooms/{room.pk}/").content.decode()
    assert "48=0\n0=50" in page
    # Saved again with its id, the rate is the same one.
    owner.post(f"{address}rooms/{room.pk}/", {**ROOM, "price": "600", "r0-variant": rate.pk})
    assert list(Rate.objects.values_list("pk", "variant__price")) == [(rate.pk, 66_800)]
    assert owner.post(f"{address}rooms/{room.pk}/remove/").status_code == 303
    assert not RoomType.objects.get().is_active


def test_what_was_typed_stays_when_it_is_refused(owner: Client, bo: Shop) -> None:
    house = house_of(bo.merchant)
    answer = owner.post(f"/desk/bo/stays/{house.pk}/", {**HOUSE, "zone": "Mars", "address": "新地址"})
    assert answer.status_code == 422
    assert "新地址" in answer.content.decode()
    for change, field in (
        ({"price": "abc"}, "price"),
        ({"r0-notice": "soon"}, "notice"),
        ({"r0-percent": "-95"}, "percent"),
        ({"rooms": "many"}, "rooms"),
    ):
        answer = owner.post(f"/desk/bo/stays/{house.pk}/rooms/new/", {**ROOM, **change})
        assert (field, answer.status_code) == (field, 422)
        assert "湖景双床房" in answer.content.decode()
    assert RoomType.objects.count() == 1
    assert (
        len(owner.post(f"/desk/bo/stays/{house.pk}/rooms/new/", {**ROOM, "step": "rate"}).context["form"]["rates"]) == 2
    )


def test_seasons(owner: Client, bo: Shop) -> None:
    house = house_of(bo.merchant)
    address = f"/desk/bo/stays/{house.pk}/rooms/{room_of(house).pk}/seasons/"
    typed = {"seasons": "2", "s0-name": "春节", "s0-first": "2027-02-05", "s0-last": "2027-02-12", "s0-price": "1200"}
    assert owner.get(address).status_code == 200
    assert owner.post(address, typed).status_code == 303
    assert Season.objects.get().price == 120_000
    assert owner.post(address, {**typed, "s0-last": "2027-02-01"}).status_code == 422
    assert owner.post(address, {**typed, "s0-first": ""}).status_code == 422
    assert Season.objects.get().last.day == 12
    owner.post(address, {**typed, "s0-drop": "1"})
    assert not Season.objects.exists()


def test_the_calendar_is_shown_and_painted(owner: Client, bo: Shop) -> None:
    # Pages know what day it is.
    today = timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    house = house_of(bo.merchant, prices=(50_000, 80_000), ahead_days=40, nights=42, first=today)
    room = room_of(house, 1)
    first = today + timedelta(days=5)
    days = [first + timedelta(days=n) for n in range(7)]
    two = [days[0], days[3]]
    address = f"/desk/bo/stays/{house.pk}/nights/"
    month = f"{first:%Y-%m}"
    typed: dict[str, Any] = {"room": room.pk, "month": month, "from": days[0], "to": days[-1]}
    change = {"price": "999", "sale": "close", "rooms": "1", "min_nights": "2", "weekday": [d.weekday() for d in two]}
    assert owner.post(address, {**typed, **change}).status_code == 303
    assert list(Night.objects.values_list("date", "price", "closed", "min_nights")) == [
        (day, 99_900, True, 2) for day in two
    ]
    assert Supply.objects.get(key=supply_key(room.pk, first)).free == 1
    page = owner.get(address, {"room": str(room.pk), "month": month})
    assert (page.status_code, page.context["room"]) == (200, room)
    night = next(each for week in page.context["month"].weeks for each in week if each.date == first)
    assert (night.price, night.special, night.closed, night.rooms) == (99_900, True, True, 1)
    owner.post(address, {**typed, "pricing": "usual", "sale": "open", "min_nights": "0"})
    assert not Night.objects.exists()
    for refused in ({}, {"price": "x"}, {"price": "0"}, {"from": "", "price": "9"}, {"rooms": "-1"}):
        answer = owner.post(address, {**typed, **refused})
        assert answer.status_code == 422
    assert not Night.objects.exists()
    for odd in ("x", "2026-13", "9999-99", "0001-01"):
        assert owner.get(address, {"month": odd}).status_code == 200


def test_pages_ask_a_fixed_number_of_times(owner: Client, bo: Shop) -> None:
    house = house_of(bo.merchant, prices=(50_000,))
    address = f"/desk/bo/stays/{house.pk}/"

    def counted(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(path).status_code == 200
        return len(queries)

    counted(address)
    before = [counted(address), counted(f"{address}nights/")]
    for n in range(3):
        RoomType.objects.create(property=house, merchant=bo.merchant, name=f"更多{n}", rooms=1, price=1)
    assert [counted(address), counted(f"{address}nights/")] == before


def test_only_ones_own_houses(owner: Client, cy: Shop, bo: Shop) -> None:
    theirs, mine = house_of(cy.merchant), house_of(bo.merchant)
    for path in ("", "nights/", "rooms/new/", f"rooms/{room_of(theirs).pk}/", f"rooms/{room_of(theirs).pk}/seasons/"):
        assert (path, owner.get(f"/desk/bo/stays/{theirs.pk}/{path}").status_code) == (path, 404)
    assert owner.get(f"/desk/bo/stays/{mine.pk}/rooms/{room_of(theirs).pk}/").status_code == 404
    assert owner.post(f"/desk/bo/stays/{mine.pk}/rooms/{room_of(theirs).pk}/remove/").status_code == 404
    assert owner.post(f"/desk/bo/stays/{theirs.pk}/", HOUSE).status_code == 404
    assert RoomType.objects.filter(is_active=True).count() == 2


def test_a_table_goes_out_and_comes_back(owner: Client, bo: Shop) -> None:
    today = timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    house = house_of(bo.merchant, prices=(50_000, 80_000), ahead_days=20, nights=22, first=today)
    day = today + timedelta(days=4)
    Night.objects.create(room=room_of(house), merchant=bo.merchant, date=day, price=77_700, closed=True)
    address = f"/desk/bo/stays/{house.pk}/nights"
    text = b"".join(owner.get(f"{address}.csv")).decode("utf-8-sig")
    rows = text.splitlines()
    assert len(rows) == 41
    assert f"1号房,{day},777.00,yes,2,,500.00" in rows
    assert owner.get(f"{address}.xlsx").status_code == 200
    assert owner.get(f"{address}/table/").status_code == 200
    changed = text.replace(f"{day},777.00,yes", f"{day},666.00,no")
    seen = owner.post(f"{address}/table/", {"file": SimpleUploadedFile("n.csv", changed.encode())})
    assert (seen.context["count"], seen.context["faulty"]) == (40, 0)
    assert Night.objects.get().price == 77_700
    assert owner.post(f"{address}/table/", {"table": seen.context["table"]}).status_code == 303
    assert list(Night.objects.values_list("price", "closed")) == [(66_600, False)]
    wrong = owner.post(f"{address}/table/", {"file": SimpleUploadedFile("n.csv", b"a,b\n1,2\n")})
    assert wrong.status_code == 422
    assert owner.post(f"{address}/table/", {}).status_code == 422
    assert owner.post(f"{address}/table/", {"table": "a"}).status_code == 422
    assert Night.objects.get().price == 66_600
