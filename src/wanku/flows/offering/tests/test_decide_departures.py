"""The clock of minimum groups."""

from datetime import timedelta

import pytest

from tests.cast import Shop
from tests.seats import reserved, seated, wish
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.offering.decide_departures import decide_departures
from wanku.flows.offering.tests.departures import picture
from wanku.kinds.seat.models import Departure, Passage
from wanku.kinds.seat.states import CANCELLED, CONFIRMED, OPEN
from wanku.kinds.seat.tests.world import STARTS, departure_of, seat_product, seats_left

pytestmark = pytest.mark.django_db
TIME = STARTS - timedelta(hours=72)
BEFORE = TIME - timedelta(seconds=1)


def test_too_few_and_it_does_not_go(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo), minimum=3)
    seated(ann_actor, wish(row, 2))
    before = picture()
    assert decide_departures(now=BEFORE) == 0 and picture() == before
    assert decide_departures(now=TIME) == 1
    row.refresh_from_db()
    assert (row.state, row.due_at, row.cancelled_because) == (CANCELLED, None, "")
    assert (seats_left(row), seats_left(row, 1)) == (0, 0)
    told = Move.objects.get(subject_type="departure")
    assert (told.event, told.actor, told.because) == ("miss", "clock", "group_missed")
    assert told.facts == {"seats": 2, "minimum": 3}
    before = picture()
    assert decide_departures(now=TIME) == 0 and picture() == before


def test_enough_and_it_goes(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo), minimum=2)
    seated(ann_actor, wish(row, 1))
    seated(ann_actor, wish(row, 1, index=1))
    # Both were paid at the same moment, so neither saw the other.
    Departure.objects.filter(pk=row.pk).update(state=OPEN, due_at=row.due_at)
    assert decide_departures(now=BEFORE) == 1
    row.refresh_from_db()
    assert row.state == CONFIRMED


def test_whoever_is_paying_is_waited_for_once(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo), minimum=3)
    seated(ann_actor, wish(row, 2))
    reserved(ann_actor, wish(row, 1), now=BEFORE)
    assert decide_departures(now=TIME) == 1
    row.refresh_from_db()
    assert (row.state, row.due_at) == (OPEN, TIME + timedelta(minutes=15))
    assert decide_departures(now=TIME) == 0
    assert decide_departures(now=TIME + timedelta(minutes=15)) == 1
    row.refresh_from_db()
    assert row.state == CANCELLED


def test_seats_that_were_paid_back_in_part_do_not_count(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo), minimum=3)
    seated(ann_actor, wish(row, 2))
    Passage.objects.update(seats=3)
    before = picture()
    assert decide_departures(now=BEFORE) == 0 and picture() == before


def test_as_many_as_it_may(bo: Shop) -> None:
    product = seat_product(bo)
    for day in range(3):
        departure_of(product, minimum=2, starts_at=STARTS + timedelta(days=day))
    assert decide_departures(now=STARTS + timedelta(days=9), limit=2) == 2
    assert Departure.objects.filter(state=CANCELLED).count() == 2
