"""Calendars reach one day further each day."""

from datetime import date, timedelta

import pytest

from tests.cast import NOW, Shop
from tests.visits import TEN, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.flows.buying.place_order import place_order
from wanku.flows.offering.open_visit_hours import open_visit_hours
from wanku.inventory.models import Supply
from wanku.kinds.visit.models import Absence, Opening, SpecialDay, Worker

pytestmark = pytest.mark.django_db


def test_each_person_once_in_twelve_hours(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo)
    wang, _li = salon.people
    assert open_visit_hours(now=NOW, limit=1) == 1
    assert open_visit_hours(now=NOW) == 1
    assert open_visit_hours(now=NOW + timedelta(hours=11)) == 0
    before = Supply.objects.count()
    far = NOW + timedelta(days=20)
    assert open_visit_hours(now=far) == 2
    # Today, fourteen days ahead, and two to spare; those between were never within reach.
    assert Supply.objects.count() == before + 2 * 32 * 17
    place_order(visit_checkout(wish_of(salon, TEN + timedelta(days=33)), ann_actor, "v"), now=far)
    Worker.objects.filter(pk=wang.pk).update(is_active=False)
    assert open_visit_hours(now=far + timedelta(days=1)) == 1
    assert Opening.objects.count() == 2


def test_what_is_long_over_is_forgotten(bo: Shop) -> None:
    [wang] = salon_of(bo, "王").people
    old, new = date(2026, 11, 1), date(2026, 11, 8)
    for day in (old, new):
        Absence.objects.create(merchant=bo.merchant, first=day, last=day)
        SpecialDay.objects.create(worker=wang, day=day)
    open_visit_hours(now=NOW)
    assert Absence.objects.get().last == SpecialDay.objects.get().day == new
