"""A calendar is painted."""

from dataclasses import replace
from datetime import date

import pytest

from tests.cast import NOW, Shop
from wanku.flows.offering.paint_nights import paint_nights
from wanku.inventory.models import StockLog, Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.models import RoomType
from wanku.kinds.stay.rules import Paint
from wanku.kinds.stay.tests.houses import house_of, room_of

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 13), date(2026, 11, 15)


@pytest.fixture
def room(bo: Shop) -> RoomType:
    return room_of(house_of(bo.merchant, ahead_days=30, nights=32))


def special(room: RoomType) -> list[tuple[int, int | None, bool, int | None]]:
    return [(night.date.day, night.price, night.closed, night.min_nights) for night in room.nights.all()]


def counts(room: RoomType) -> list[tuple[int, int]]:
    keys = [f"night:{room.pk}:2026-11-{day}" for day in (13, 14, 15)]
    return list(Supply.objects.filter(key__in=keys).order_by("key").values_list("put_in", "free"))


def test_each_stroke_changes_what_it_names(bo: Shop, room: RoomType) -> None:
    assert paint_nights(room.pk, Paint(FIRST, LAST, price=70_000), actor=bo.actor, now=NOW) == 3
    paint_nights(room.pk, Paint(FIRST, LAST, frozenset({4}), closed=True, min_nights=2), actor=bo.actor, now=NOW)
    assert special(room) == [(13, 70_000, True, 2), (14, 70_000, False, None), (15, 70_000, False, None)]
    paint_nights(room.pk, Paint(FIRST, FIRST, price=0, min_nights=0), actor=bo.actor, now=NOW)
    assert special(room)[0] == (13, None, True, None)
    # What is not special any more is forgotten.
    paint_nights(room.pk, Paint(FIRST, LAST, price=0, closed=False), actor=bo.actor, now=NOW)
    assert special(room) == []
    assert counts(room) == [(2, 2)] * 3


def test_a_count_below_what_is_booked_leaves_none_free(bo: Shop, room: RoomType) -> None:
    Supply.objects.filter(key=f"night:{room.pk}:2026-11-14").update(free=0, held=1, sold=1)
    paint_nights(room.pk, Paint(FIRST, LAST, rooms=1), actor=bo.actor, now=NOW)
    assert counts(room) == [(1, 1), (2, 0), (1, 1)]
    paint_nights(room.pk, Paint(FIRST, LAST, rooms=5), actor=bo.actor, now=NOW)
    assert counts(room) == [(5, 5), (5, 3), (5, 5)]
    assert StockLog.objects.filter(by_id=bo.actor.person_id).count() == 5
    assert special(room) == []


def test_refusals(bo: Shop, cy: Shop, room: RoomType) -> None:
    good = Paint(FIRST, LAST, price=70_000, closed=True, rooms=1)
    for told, actor, code, field in (
        (good, cy.actor, "not_found", None),
        (good, replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed", None),
        (replace(good, first=date(2026, 11, 10)), bo.actor, "bad_value", "from"),
        (replace(good, last=date(2026, 11, 12)), bo.actor, "bad_value", "to"),
        (replace(good, last=date(2027, 11, 12)), bo.actor, "bad_value", "to"),
        (replace(good, price=-1), bo.actor, "bad_value", "price"),
        (replace(good, rooms=1000), bo.actor, "bad_value", "rooms"),
        (replace(good, min_nights=91), bo.actor, "bad_value", "min_nights"),
        (replace(good, weekdays=frozenset({7})), bo.actor, "bad_value", "weekdays"),
        (Paint(FIRST, LAST), bo.actor, "bad_value", "what"),
    ):
        with pytest.raises(Refusal) as caught:
            paint_nights(room.pk, told, actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field)
    assert special(room) == []
    assert counts(room) == [(2, 2)] * 3
