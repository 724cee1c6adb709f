"""Ended places go after a month; who waits keeps theirs."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from wanku.audit.models import Move
from wanku.flows.queueing.forget_tickets import KEPT, forget_tickets
from wanku.flows.queueing.lapse_tickets import lapse_tickets
from wanku.flows.queueing.tests.line import people, queued, states

pytestmark = pytest.mark.django_db
WAIT = timedelta(minutes=30)
SOON = timedelta(seconds=1)


def test_ended_places_go_after_a_month_and_their_moves_stay(bo: Shop) -> None:
    people(queued(bo, stock=1), 3)
    lapse_tickets(now=NOW + WAIT, limit=10)
    moves = Move.objects.count()
    assert forget_tickets(now=NOW + KEPT - SOON, limit=10) == 0
    assert len(states()) == 3
    assert [forget_tickets(now=NOW + KEPT + SOON, limit=2) for _ in range(3)] == [2, 1, 0]
    assert states() == []
    assert Move.objects.count() == moves


def test_whoever_waits_keeps_their_place(bo: Shop) -> None:
    people(queued(bo, stock=1), 2)
    assert forget_tickets(now=NOW + KEPT + SOON, limit=10) == 0
    assert states() == ["admitted", "waiting"]
