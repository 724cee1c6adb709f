"""Departures are put on offer, one or a series; each refusal leaves nothing behind."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOW, Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.offering.add_departures import add_departures
from wanku.flows.offering.tests.departures import picture
from wanku.inventory.models import StockLog, Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.models import Cabin, Departure
from wanku.kinds.seat.rules import CabinData
from wanku.kinds.seat.series import Series
from wanku.kinds.seat.states import CONFIRMED, OPEN
from wanku.kinds.seat.tests.world import journey_of, seat_product

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)
ONCE = Series(DAY, DAY, time(10), time(14))
WEEKLY = Series(DAY, DAY + timedelta(weeks=4), time(10), time(14), weekdays={1})


def test_one_departure_with_cabins_and_seats(bo: Shop) -> None:
    product = seat_product(bo)
    first, second = product.variants.all()
    told = journey_of(
        product, cabins=(CabinData(first.pk, 150), CabinData(second.pk, 12, 210000)), meeting_point=" T2 "
    )
    [row] = add_departures(product.pk, told, ONCE, actor=bo.actor, now=NOW)
    row.refresh_from_db()
    assert (row.starts_at, row.ends_at) == (datetime(2026, 12, 1, 2, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC))
    assert (row.state, row.due_at, row.decide_at, row.meeting_point) == (CONFIRMED, None, None, "T2")
    assert row.sale_until == row.starts_at - timedelta(hours=2)
    assert list(Cabin.objects.values_list("variant", "price")) == [(first.pk, None), (second.pk, 210000)]
    counters = Supply.objects.filter(key__startswith=f"seat:{row.pk}:").order_by("pk")
    assert [(c.free, c.put_in, c.low_at, c.low_since) for c in counters] == [(150, 150, 0, None), (12, 12, 0, None)]
    assert StockLog.objects.filter(because="departure").count() == 2
    assert Act.objects.get().verb == "add_departures"


def test_a_series_keeps_its_wall_time_and_can_be_made_longer(bo: Shop) -> None:
    product = seat_product(bo)
    told = journey_of(product, zone_from="Europe/Berlin", zone_to="Europe/Berlin")
    march = Series(date(2027, 3, 20), date(2027, 4, 4), time(8), time(18), weekdays={5, 6})
    rows = add_departures(product.pk, told, march, actor=bo.actor, now=NOW)
    berlin = [row.starts_at.astimezone(ZoneInfo("Europe/Berlin")) for row in rows]
    assert [(at.day, at.hour) for at in berlin] == [(20, 8), (21, 8), (27, 8), (28, 8), (3, 8), (4, 8)]
    assert len({row.starts_at.hour for row in rows}) == 2
    longer = Series(date(2027, 3, 20), date(2027, 4, 11), time(8), time(18), weekdays={5, 6})
    assert len(add_departures(product.pk, told, longer, actor=bo.actor, now=NOW)) == 2
    assert Departure.objects.count() == 8


def test_a_minimum_group_starts_open_with_a_clock(bo: Shop) -> None:
    product = seat_product(bo)
    [row] = add_departures(product.pk, journey_of(product, minimum=8, decide_hours=48), ONCE, actor=bo.actor, now=NOW)
    assert (row.state, row.minimum) == (OPEN, 8)
    assert row.due_at == row.decide_at == row.starts_at - timedelta(hours=48)


@pytest.mark.parametrize(
    ("told", "series", "field"),
    [
        ({"origin": ""}, ONCE, "origin"),
        ({"cabins": ()}, ONCE, "cabins"),
        ({"sale_hours": 24 * 60}, ONCE, "sale_hours"),
        ({"minimum": 2, "decide_hours": 24 * 60}, ONCE, "decide_hours"),
        ({}, Series(DAY, DAY, time(10), time(9)), "ends"),
        ({}, Series(date(2026, 11, 1), date(2026, 12, 1), time(10), time(12)), "starts"),
        ({}, Series(DAY, DAY, time(10), time(12), weekdays={6}), "weekdays"),
    ],
    ids=["no place", "no cabin", "sale over", "decided before", "ends first", "left already", "no such day"],
)
def test_what_is_wrong_is_refused_and_nothing_is_made(
    bo: Shop, told: dict[str, Any], series: Series, field: str
) -> None:
    product = seat_product(bo)
    before = picture()
    with pytest.raises(Refusal) as no:
        add_departures(product.pk, journey_of(product, **told), series, actor=bo.actor, now=NOW)
    assert no.value.field == field and picture() == before


def test_the_same_departure_is_not_made_twice(bo: Shop) -> None:
    product = seat_product(bo)
    add_departures(product.pk, journey_of(product), ONCE, actor=bo.actor, now=NOW)
    before = picture()
    with pytest.raises(Refusal) as no:
        add_departures(product.pk, journey_of(product), ONCE, actor=bo.actor, now=NOW)
    assert no.value.code.name == "departures_exist" and picture() == before


def test_only_with_terms(bo: Shop) -> None:
    product = product_of(bo.merchant, kind="seat")
    with pytest.raises(Refusal) as no:
        add_departures(product.pk, journey_of(product), ONCE, actor=bo.actor, now=NOW)
    assert no.value.code.name == "no_terms" and not Departure.objects.exists()


def test_only_variants_of_the_product_and_each_once(bo: Shop) -> None:
    product, other = seat_product(bo), product_of(bo.merchant)
    foreign, own = CabinData(variant_of(other).pk, 5), CabinData(variant_of(product).pk, 5)
    for cabins in ((foreign,), (own, own)):
        with pytest.raises(Refusal) as no:
            add_departures(product.pk, journey_of(product, cabins=cabins), ONCE, actor=bo.actor, now=NOW)
        assert no.value.code.name == "not_found" and not Departure.objects.exists()


def test_only_for_the_shop(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    product = seat_product(bo)
    clerk = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "clerk"}, merchant_id=bo.merchant.pk)
    for actor, code in ((cy.actor, "not_found"), (ann_actor, "not_found"), (clerk, "not_allowed")):
        with pytest.raises(Refusal) as no:
            add_departures(product.pk, journey_of(product), WEEKLY, actor=actor, now=NOW)
        assert no.value.code.name == code and not Departure.objects.exists()
