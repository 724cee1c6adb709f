"""Silence: a pass that nobody used goes to the next, a place that was kept too long ends."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from wanku.flows.queueing.admit_waiting import admit_waiting
from wanku.flows.queueing.lapse_tickets import lapse_tickets
from wanku.flows.queueing.tests.line import people, queued, states

pytestmark = pytest.mark.django_db
PASS, WAIT = timedelta(minutes=3), timedelta(minutes=30)


def test_before_its_time_nothing_ends(bo: Shop) -> None:
    people(queued(bo, stock=1), 2)
    assert lapse_tickets(now=NOW + PASS - timedelta(seconds=1), limit=10) == 0
    assert states() == ["admitted", "waiting"]


def test_an_unused_pass_goes_to_the_next(bo: Shop) -> None:
    people(queued(bo, stock=1), 3)
    later = NOW + PASS
    assert lapse_tickets(now=later, limit=10) == 1
    assert admit_waiting(now=later, limit=10) == 1
    assert states() == ["lapsed", "admitted", "waiting"]


def test_a_place_that_was_kept_too_long_ends(bo: Shop) -> None:
    people(queued(bo, stock=1), 3)
    assert lapse_tickets(now=NOW + WAIT, limit=2) == 2
    assert lapse_tickets(now=NOW + WAIT, limit=2) == 1
    assert set(states()) == {"lapsed"}
