"""Who is next: as many as there are pieces, by arrival; and an honest end."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Shop, supply_of, variant_of
from wanku.audit.models import Move
from wanku.catalog.models import Product
from wanku.flows.queueing.admit_waiting import admit_waiting
from wanku.flows.queueing.tests.line import people, queued, states
from wanku.waiting_room import turns
from wanku.waiting_room.models import Ticket

pytestmark = pytest.mark.django_db


def stock(product: Product, *, free: int, held: int) -> None:
    supply = supply_of(variant_of(product))
    supply.free, supply.held, supply.sold, supply.put_in = free, held, 0, free + held
    supply.save()


def test_as_many_as_there_are_pieces_by_arrival(bo: Shop) -> None:
    product = queued(bo, stock=1)
    people(product, 6)
    stock(product, free=3, held=0)
    assert admit_waiting(now=NOW, limit=100) == 2
    assert states() == ["admitted"] * 3 + ["waiting"] * 3
    assert admit_waiting(now=NOW, limit=100) == 0
    assert set(Ticket.objects.filter(state="admitted").values_list("due_at", flat=True)) == {NOW + timedelta(minutes=3)}


def test_no_more_at_once_than_was_asked(bo: Shop) -> None:
    product = queued(bo, stock=1)
    people(product, 6)
    stock(product, free=9, held=0)
    assert admit_waiting(now=NOW, limit=2) == 2
    assert states() == ["admitted"] * 3 + ["waiting"] * 3


def test_while_pieces_may_come_back_nobody_is_sent_away(bo: Shop) -> None:
    product = queued(bo, stock=1)
    people(product, 3)
    stock(product, free=0, held=1)
    assert admit_waiting(now=NOW, limit=100) == 0
    assert states() == ["admitted", "waiting", "waiting"]


def test_when_nothing_can_come_back_everybody_is_told(bo: Shop) -> None:
    product, other = queued(bo, stock=1), queued(bo, stock=1)
    people(product, 4)
    people(other, 2)
    stock(product, free=0, held=0)
    assert admit_waiting(now=NOW, limit=2) == 2
    assert admit_waiting(now=NOW, limit=2) == 1
    # The pass keeps its own clock: its holder may be at the checkout and is told there.
    assert states() == ["admitted", "gone", "gone", "gone", "admitted", "waiting"]
    assert Ticket.objects.filter(state="gone", due_at__isnull=False).count() == 0
    assert Move.objects.filter(event="sell_out").count() == 3


def test_a_room_that_somebody_deals_with_is_left_to_them(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    product = queued(bo, stock=1)
    people(product, 2)
    stock(product, free=5, held=0)
    monkeypatch.setattr("wanku.flows.queueing.admit_waiting.take_turn", lambda product_id: False)
    assert admit_waiting(now=NOW, limit=100) == 0
    assert states() == ["admitted", "waiting"]


def test_the_cost_does_not_grow_with_those_who_are_let_in(bo: Shop, django_assert_max_num_queries: Any) -> None:
    product = queued(bo, stock=1)
    people(product, 12)
    for free in (2, 12):
        stock(product, free=free, held=0)
        # The rooms, then for this one: savepoint, turn, room, lock, move, release.
        with django_assert_max_num_queries(7):
            admit_waiting(now=NOW, limit=100)


def test_without_a_line_there_is_one_reading(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert admit_waiting(now=NOW, limit=100) == 0
    assert turns.rooms_with_a_line() == []
