"""Room types and their rates."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.catalog.models import Product, Variant
from wanku.files.models import Picture
from wanku.flows.offering.save_room import save_room
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.load import load_facts
from wanku.kinds.stay.models import Property, Rate, RoomType
from wanku.kinds.stay.rules import RateData, RoomData
from wanku.kinds.stay.tests.houses import TODAY, house_of, room_of

pytestmark = pytest.mark.django_db
PLAIN = RateData("不含早")
BREAKFAST = RateData("含双早", "breakfast", -1000, 6_800, ((0, 5000), (48, 0)), 2, 14, ((7, 1500), (3, 500)))
GOOD = RoomData("湖景套房", 3, 88_000, (PLAIN, BREAKFAST), included=2, most=3, adult_fee=10_000)


@pytest.fixture
def house(bo: Shop) -> Property:
    return house_of(bo.merchant, ahead_days=10, nights=12)


def nights_of(room: RoomType) -> list[tuple[int, int]]:
    rows = Supply.objects.filter(key__startswith=f"night:{room.pk}:").order_by("key")
    return list(rows.values_list("put_in", "free"))


def test_it_is_offered_with_a_variant_for_each_rate(bo: Shop, house: Property) -> None:
    before = Product.objects.get(pk=house.pk).updated_at
    room = save_room(house.pk, GOOD, room_id=None, actor=bo.actor, now=NOW.replace(hour=3))
    plain, breakfast = room.rates.all()
    assert [rate.variant.price for rate in (plain, breakfast)] == [88_000, 86_000]
    assert breakfast.variant.values == ["湖景套房", "含双早"]
    assert breakfast.notice == [{"hours": 48, "bp": 0}, {"hours": 0, "bp": 5000}]
    assert nights_of(room) == [(3, 3)] * 12
    product = Product.objects.get(pk=house.pk)
    assert [option["values"] for option in product.options] == [["1号房", "湖景套房"], ["含早", "不含早", "含双早"]]
    assert (product.price_min, product.price_max) == (50_000, 88_000)
    assert product.updated_at > before
    facts = load_facts([breakfast.pk])[breakfast.pk]
    assert facts.long_stays == ((3, 500), (7, 1500))
    assert facts.night_price(TODAY) == 86_000
    assert Act.objects.filter(verb="save_room").count() == 1


def test_saving_again_keeps_rates_and_drops_those_that_are_gone(bo: Shop, house: Property) -> None:
    room = save_room(house.pk, GOOD, room_id=None, actor=bo.actor, now=NOW)
    plain, breakfast = room.rates.all()
    told = replace(GOOD, price=90_000, rates=(replace(BREAKFAST, variant_id=breakfast.pk), RateData("全餐", "full")))
    save_room(house.pk, told, room_id=room.pk, actor=bo.actor, now=NOW)
    assert list(
        Variant.objects.filter(pk__in=room.rates.values("pk")).order_by("pk").values_list("is_active", "price")
    ) == [
        (False, 88_000),
        (True, 87_800),
        (True, 90_000),
    ]
    assert plain.pk not in [rate.pk for rate in Rate.objects.filter(variant__is_active=True)]


def test_a_changed_count_moves_the_nights_that_nobody_set(bo: Shop, house: Property) -> None:
    room = save_room(house.pk, GOOD, room_id=None, actor=bo.actor, now=NOW)
    keys = [f"night:{room.pk}:2026-11-{day}" for day in (11, 12)]
    Supply.objects.filter(key=keys[0]).update(put_in=1, free=1)
    Supply.objects.filter(key=keys[1]).update(free=0, sold=3)
    rates = tuple(replace(PLAIN, variant_id=rate.pk) for rate in room.rates.all()[:1])
    save_room(house.pk, replace(GOOD, rooms=2, rates=rates), room_id=room.pk, actor=bo.actor, now=NOW)
    # The first was set by hand, the second is sold out to the last of three.
    assert nights_of(room) == [(1, 1), (3, 0), *[(2, 2)] * 10]


def test_refusals(bo: Shop, cy: Shop, house: Property) -> None:
    foreign = house_of(cy.merchant)
    other_rate = room_of(house).rates.get().pk
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    before = (RoomType.objects.count(), Rate.objects.count(), Variant.objects.count(), Supply.objects.count())
    cases: list[tuple[RoomData, int, int | None, Actor, str, str | None]] = [
        (GOOD, foreign.pk, None, bo.actor, "not_found", None),
        (GOOD, house.pk, None, clerk, "not_allowed", None),
        (GOOD, house.pk, room_of(foreign).pk, bo.actor, "not_found", None),
        (replace(GOOD, name="1号房"), house.pk, None, bo.actor, "bad_value", "name"),
        (replace(GOOD, pictures=(uuid.UUID(int=5),)), house.pk, None, bo.actor, "not_found", "pictures"),
        (
            replace(GOOD, rates=(replace(PLAIN, variant_id=other_rate),)),
            house.pk,
            None,
            bo.actor,
            "not_found",
            "rates",
        ),
    ]
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": ""}, "name"),
        ({"rooms": 0}, "rooms"),
        ({"price": 0}, "price"),
        ({"included": 0}, "included"),
        ({"most": 1}, "most"),
        ({"adult_fee": -1}, "adult_fee"),
        ({"weekdays": (1, 2)}, "weekdays"),
        ({"facilities": ("moat",)}, "facilities"),
        ({"rates": ()}, "rates"),
        ({"rates": (PLAIN, PLAIN)}, "rates.1.name"),
        ({"rates": (replace(PLAIN, meal="feast"),)}, "rates.0.meal"),
        ({"rates": (replace(PLAIN, percent_bp=-9_001),)}, "rates.0.percent"),
        ({"rates": (replace(PLAIN, notice=()),)}, "rates.0.notice"),
        ({"rates": (replace(PLAIN, notice=((24, 0), (24, 1))),)}, "rates.0.notice"),
        ({"rates": (replace(PLAIN, min_nights=9, max_nights=8),)}, "rates.0.max_nights"),
        ({"rates": (replace(PLAIN, long_stays=((1, 500),)),)}, "rates.0.long_stays"),
    )
    cases += [(replace(GOOD, **change), house.pk, None, bo.actor, "bad_value", named) for change, named in wrong]
    for told, house_id, room_id, actor, code, field in cases:
        with pytest.raises(Refusal) as caught:
            save_room(house_id, told, room_id=room_id, actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field)
    assert before == (
        RoomType.objects.count(),
        Rate.objects.count(),
        Variant.objects.count(),
        Supply.objects.count(),
    )


def test_pictures_are_ones_own(bo: Shop, house: Property) -> None:
    mine = Picture.objects.create(
        owner=f"merchant:{bo.merchant.pk}", sha256=b"1", width=10, height=10, bytes=1, created_at=NOW
    )
    room = save_room(house.pk, replace(GOOD, pictures=(mine.pk,)), room_id=None, actor=bo.actor, now=NOW)
    assert room.pictures == [str(mine.pk)]
