"""Giving a place back."""

import pytest

from tests.cast import NOW, Shop
from wanku.audit.models import Move
from wanku.flows.queueing.admit_waiting import admit_waiting
from wanku.flows.queueing.leave_room import leave_room
from wanku.flows.queueing.tests.line import guest, people, queued, states
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_a_pass_that_is_given_back_goes_to_the_next(bo: Shop) -> None:
    product = queued(bo, stock=1)
    people(product, 3)
    leave_room(product.pk, actor=guest(0), now=NOW)
    assert states() == ["left", "waiting", "waiting"]
    assert admit_waiting(now=NOW, limit=10) == 1
    assert states() == ["left", "admitted", "waiting"]


def test_a_place_in_line_can_be_left(bo: Shop) -> None:
    product = queued(bo, stock=1)
    people(product, 3)
    leave_room(product.pk, actor=guest(1), now=NOW)
    assert states() == ["admitted", "left", "waiting"]


def test_nobody_leaves_what_they_are_not_in(bo: Shop) -> None:
    product = queued(bo, stock=1)
    people(product, 1)
    with pytest.raises(Refusal) as no:
        leave_room(product.pk, actor=guest(5), now=NOW)
    assert no.value.code.name == "not_found"
    leave_room(product.pk, actor=guest(0), now=NOW)
    moves = Move.objects.count()
    with pytest.raises(Refusal) as no:
        leave_room(product.pk, actor=guest(0), now=NOW)
    assert no.value.code.name == "wrong_state"
    assert (states(), Move.objects.count()) == (["left"], moves)
