"""Calendars of houses reach one day further each day."""

from datetime import date, timedelta

import pytest

from tests.cast import NOW, Shop
from wanku.flows.offering.open_stay_nights import open_stay_nights
from wanku.inventory.models import Supply
from wanku.kinds.stay.models import Night
from wanku.kinds.stay.tests.houses import house_of, room_of

pytestmark = pytest.mark.django_db


def opened() -> list[str]:
    return list(Supply.objects.filter(key__startswith="night:").order_by("key").values_list("key", flat=True))


def test_once_a_day_is_enough(bo: Shop, cy: Shop) -> None:
    house = house_of(bo.merchant, ahead_days=3, nights=0)
    house_of(cy.merchant, ahead_days=3, nights=0)
    assert open_stay_nights(now=NOW, limit=1) == 1
    assert opened() == [f"night:{room_of(house).pk}:2026-11-{day}" for day in range(11, 16)]
    assert open_stay_nights(now=NOW) == 1
    assert open_stay_nights(now=NOW + timedelta(hours=11)) == 0
    assert len(opened()) == 10
    assert open_stay_nights(now=NOW + timedelta(days=1)) == 2
    assert len(opened()) == 12


def test_tonight_is_that_of_the_house_and_what_is_over_is_forgotten(bo: Shop) -> None:
    house = house_of(bo.merchant, ahead_days=1, nights=0, zone="Pacific/Auckland")
    for day in (1, 8):
        Night.objects.create(room=room_of(house), merchant=bo.merchant, date=date(2026, 11, day), price=1)
    assert open_stay_nights(now=NOW.replace(hour=12)) == 1
    assert opened()[0].endswith("2026-11-12")
    assert [night.date.day for night in Night.objects.all()] == [8]
