"""Houses in the database: facts, what is free, what the page shows, what search finds."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from tests.cast import NOW, Shop
from wanku.catalog.models import Product, ProductState, ShopVersion
from wanku.inventory.models import StockLog, Supply
from wanku.kinds.stay.asking import Asked, read_asked
from wanku.kinds.stay.kind import Stay
from wanku.kinds.stay.models import Night, Place, Property, Rate, Season
from wanku.kinds.stay.open_nights import open_nights
from wanku.kinds.stay.prices import ONE_DAY
from wanku.kinds.stay.search import Found, search_stays
from wanku.kinds.stay.tests.houses import TODAY, house_of, room_of

pytestmark = pytest.mark.django_db


def asked(first: date = TODAY, nights: int = 2, **fields: Any) -> Asked:
    told: dict[str, Any] = {"adults": 2, "children": 0, "rooms": 1, "given": True}
    return Asked(check_in=first, check_out=first + nights * ONE_DAY, **told | fields)


def found(told: Asked, budget: int | None = None, place: str = "杭州", **more: Any) -> list[Found]:
    places = [row.pk for row in Place.objects.filter(name=place)]
    return search_stays(places, told, budget=budget, now=NOW, **more)


def sell(house: Property, night: date, rooms: int = 2) -> None:
    key = f"night:{room_of(house).pk}:{night.isoformat()}"
    supply = Supply.objects.get(key=key)
    supply.free, supply.sold = supply.free - rooms, supply.sold + rooms
    supply.save()


def test_facts_come_in_three_statements_and_say_what_is_stored(bo: Shop) -> None:
    house = house_of(bo.merchant, prices=(50_000, 80_000))
    room = room_of(house, 1)
    Season.objects.create(
        room=room,
        merchant=bo.merchant,
        name="春节",
        first=date(2027, 2, 5),
        last=date(2027, 2, 12),
        price=120_000,
        weekdays=[None] * 6 + [130_000],
        min_nights=2,
    )
    Night.objects.create(room=room, merchant=bo.merchant, date=TODAY, price=77_700)
    rates = list(Rate.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        facts = Stay().load(rates)
    assert len(queries) == 3
    stay = facts[rates[1]]
    assert stay.night_price(TODAY) == 77_700
    assert stay.night_price(TODAY + ONE_DAY) == 80_000
    assert stay.night_price(date(2027, 2, 7)) == 130_000
    assert stay.room.min_nights_from(date(2027, 2, 7)) == 2
    assert facts[rates[0]].night_price(TODAY) == 50_000


def test_a_room_that_is_not_on_offer_has_no_facts(bo: Shop) -> None:
    house = house_of(bo.merchant)
    room = room_of(house)
    room.is_active = False
    room.save()
    assert Stay().load([rate.pk for rate in room.rates.all()]) == {}


def test_every_change_touches_the_version_of_the_shop(bo: Shop) -> None:
    house = house_of(bo.merchant)
    room = room_of(house)

    def version() -> int:
        return ShopVersion.objects.get(merchant=bo.merchant).version

    before = version()
    days = [TODAY + n * ONE_DAY for n in range(50)]
    Night.objects.bulk_create(Night(room=room, merchant=bo.merchant, date=day, price=1) for day in days)
    assert version() == before + 1
    Night.objects.filter(room=room).update(closed=True)
    assert version() == before + 2
    Night.objects.filter(room=room).delete()
    assert version() == before + 3
    room.save()
    house.save()
    for rate in room.rates.all():
        rate.save()
    assert version() == before + 6
    Season.objects.create(room=room, merchant=bo.merchant, name="S", first=TODAY, last=TODAY, price=1)
    assert version() == before + 7


def test_the_database_keeps_seasons_apart(bo: Shop) -> None:
    house = house_of(bo.merchant, prices=(50_000, 60_000))
    told = {"merchant": bo.merchant, "name": "S", "price": 1}
    Season.objects.create(room=room_of(house), first=TODAY, last=TODAY + ONE_DAY, **told)
    Season.objects.create(room=room_of(house, 1), first=TODAY, last=TODAY + ONE_DAY, **told)
    Season.objects.create(room=room_of(house), first=TODAY + 2 * ONE_DAY, last=TODAY + 3 * ONE_DAY, **told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Season.objects.create(room=room_of(house), first=TODAY + ONE_DAY, last=TODAY + ONE_DAY, **told)
    assert Season.objects.count() == 3


def test_nights_open_once_and_the_log_says_why(bo: Shop) -> None:
    house = house_of(bo.merchant, nights=3)
    room = room_of(house)
    assert open_nights([room], [TODAY + n * ONE_DAY for n in range(5)], by_id=7, now=NOW) == 2
    assert open_nights([room], [TODAY + n * ONE_DAY for n in range(5)], by_id=7, now=NOW) == 0
    assert Supply.objects.filter(key__startswith="night:", free=2, put_in=2).count() == 5
    assert StockLog.objects.filter(because="calendar", change=2).count() == 5


def test_search_finds_what_is_free_for_all_nights_and_prices_all_of_it(bo: Shop, cy: Shop) -> None:
    cheap, dear = house_of(bo.merchant, prices=(50_000,)), house_of(cy.merchant, prices=(60_000, 90_000))
    house_of(cy.merchant, place="苏州", prices=(10_000,))
    with CaptureQueriesContext(connection) as queries:
        rows = found(asked(rooms=2))
    assert len(queries) == 5
    assert [(row.house, row.total, row.left) for row in rows] == [(cheap, 200_000, 2), (dear, 240_000, 2)]
    sell(cheap, TODAY + ONE_DAY)
    assert [row.house for row in found(asked())] == [dear]
    # A stay that ends where the full night begins is not touched by it.
    assert [row.house for row in found(asked(nights=1))] == [cheap, dear]
    sell(dear, TODAY, 1)
    assert [(row.house, row.total) for row in found(asked(rooms=2))] == [(dear, 360_000)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 1),
        ({"budget": 100_000}, 1),
        ({"budget": 99_999}, 0),
        ({"place": "苏州"}, 0),
        ({"facilities": ["wifi"]}, 1),
        ({"facilities": ["wifi", "pool"]}, 0),
    ],
)
def test_search_by_budget_place_and_facilities(bo: Shop, change: dict[str, Any], expected: int) -> None:
    house_of(bo.merchant)
    assert len(found(asked(), **change)) == expected


def test_search_leaves_out_what_cannot_be_had(bo: Shop) -> None:
    house = house_of(bo.merchant, nights=3)
    assert len(found(asked(nights=3))) == 1
    assert found(asked(nights=4)) == []
    assert found(asked(adults=4)) == []
    assert found(asked(rooms=3)) == []
    assert found(asked(first=TODAY - ONE_DAY)) == []
    Night.objects.create(room=room_of(house), merchant=bo.merchant, date=TODAY + ONE_DAY, closed=True)
    assert found(asked()) == []
    assert len(found(asked(nights=1))) == 1
    Product.objects.update(state=ProductState.OFF)
    assert found(asked(nights=1)) == []


def test_a_suspended_shop_is_not_found(bo: Shop) -> None:
    house_of(bo.merchant)
    bo.merchant.state = "suspended"
    bo.merchant.save()
    assert found(asked()) == []


def test_the_page_shows_rooms_with_totals_and_two_months(bo: Shop) -> None:
    house = house_of(bo.merchant, prices=(50_000, 80_000))
    typed = {
        "choice.check_in": "2026-11-20",
        "choice.check_out": "2026-11-22",
        "choice.adults": "3",
        "quantity": "2",
    }
    sell(house, date(2026, 11, 21), 1)
    with CaptureQueriesContext(connection) as queries:
        shown = Stay().show(house.pk, typed, now=NOW)
    assert len(queries) == 5
    first, second = (room.rates[0] for room in shown["rooms"])
    assert (first.left, first.total, first.bookable) == (1, 240_000, True)
    assert (second.left, second.total) == (2, 360_000)
    assert [month.first for month in shown["months"]] == [date(2026, 11, 1), date(2026, 12, 1)]
    days = {day.date: day for week in shown["months"][0].weeks for day in week}
    assert days[date(2026, 11, 20)].chosen
    assert not days[date(2026, 11, 22)].chosen
    assert days[TODAY].price == 50_000
    assert days[TODAY - ONE_DAY].price is None


def test_the_page_says_why_not(bo: Shop) -> None:
    house = house_of(bo.merchant)
    shown = Stay().show(house.pk, {"choice.check_in": "2026-11-01"}, now=NOW)
    [rate] = shown["rooms"][0].rates
    assert rate.refusal is not None
    assert rate.refusal.code.name == "stay_past"
    assert not rate.bookable
    assert Stay().show(house.pk + 1, {}, now=NOW) == {}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, ("2026-11-12", "2026-11-13", 2, 1)),
        ({"choice.check_in": "x", "choice.adults": "no", "quantity": "-1"}, ("2026-11-12", "2026-11-13", 2, 1)),
        ({"choice.check_in": "2026-12-31", "choice.adults": "99"}, ("2026-12-31", "2027-01-01", 20, 1)),
        ({"choice.check_in": "9999-12-31"}, ("2026-11-12", "2026-11-13", 2, 1)),
        ({"choice.check_in": "2026-12-31", "choice.check_out": "2026-12-01"}, ("2026-12-31", "2027-01-01", 2, 1)),
        (
            {"quantity": "3", "choice.check_in": "2026-12-31", "choice.check_out": "2027-01-03"},
            ("2026-12-31", "2027-01-03", 2, 3),
        ),
    ],
)
def test_strange_values_ask_for_nothing(typed: dict[str, str], expected: tuple[str, str, int, int]) -> None:
    got = read_asked(typed, zone="Asia/Shanghai", now=NOW)
    assert (got.check_in.isoformat(), got.check_out.isoformat(), got.adults, got.rooms) == expected


def test_tomorrow_is_that_of_the_house() -> None:
    now = datetime.fromisoformat("2026-11-11T20:00:00+00:00")
    assert read_asked({}, zone="Asia/Shanghai", now=now).check_in == date(2026, 11, 13)
    assert read_asked({}, zone="America/New_York", now=now).check_in == date(2026, 11, 12)


def test_words() -> None:
    kind = Stay()
    frozen = {"check_in": "2026-12-30", "check_out": "2027-01-02", "adults": 2, "children": 1}
    with override("en"):
        assert kind.brief(frozen) == "30 Dec – 2 Jan · 3 nights · 2 adults, 1 child"
        whole = {**frozen, "from": "15:00", "until": "12:00", "address": "北山街 1 号", "meal": "half"}
        facts = {fact.label: fact.value for fact in kind.describe(whole)}
        assert (facts["Address"], facts["Meals"]) == ("北山街 1 号", "Half board")
        assert facts["Check-in"] == "Wed 30 Dec 2026, from 15:00"
        assert kind.explain("night", {"date": "2027-01-01"}) == "Night of Fri 1 Jan 2027"
        assert kind.explain("long_stay", {"nights": 7, "bp": 1250}) == "12.5% off from 7 nights"
    with override("zh-hans"):
        assert kind.brief(frozen) == "12月30日 – 1月2日 · 3 晚 · 2 位成人，1 名儿童"
