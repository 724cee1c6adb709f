"""Places in line: one for each person, in order of arrival; and what a room knows."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.bought import placed
from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from wanku.access.actor import NOBODY, Actor
from wanku.audit.models import Move
from wanku.catalog.models import Product
from wanku.waiting_room import passes
from wanku.waiting_room.join import join
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.person import person_key
from wanku.waiting_room.queries import read_room, room_of, ticket_of
from wanku.waiting_room.states import ADMITTED, LAPSED, USED
from wanku.waiting_room.turns import rooms_with_a_line, take_turn

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=30)


def enter(product_id: int, person: str, **wish: int) -> Ticket:
    return join(product_id, person, wish=wish, now=NOW, due_at=SOON)


def test_one_place_for_each_person_by_arrival(django_assert_num_queries: Any) -> None:
    first, second = enter(1, "person:1"), enter(1, "person:2")
    with django_assert_num_queries(1):
        again = join(1, "person:1", wish={"variant": 9}, now=NOW + timedelta(minutes=5), due_at=SOON)
    assert again.pk == first.pk < second.pk
    assert (again.joined_at, Ticket.objects.get(pk=first.pk).wish) == (NOW, {"variant": 9})
    assert enter(2, "person:1").pk != first.pk
    assert Ticket.objects.count() == 3


def test_an_ended_place_is_no_hindrance() -> None:
    first = enter(1, "person:1")
    Ticket.objects.update(state=LAPSED, due_at=None)
    assert enter(1, "person:1").pk > first.pk
    found = ticket_of(1, "person:1")
    assert found is not None and found.pk > first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.update(state=ADMITTED)


def test_a_room_knows_its_stock_its_passes_and_its_line(bo: Shop, django_assert_num_queries: Any) -> None:
    product = product_of(bo.merchant, prices=(100, 200), stock=3)
    tickets = [enter(product.pk, f"person:{n}") for n in range(4)]
    enter(product.pk + 1, "person:1")
    Ticket.objects.filter(pk=tickets[0].pk).update(state=ADMITTED)
    with django_assert_num_queries(1):
        room = read_room(product.pk, NOW)
    assert (room.free, room.held, room.passes, room.waiting, room.room) == (6, 0, 1, 3, 3)
    assert [room.ahead_of(ticket) for ticket in tickets[1:]] == [0, 1, 2]
    assert (room.is_gone, room.lets_through, room.frees_by) == (False, False, None)
    with django_assert_num_queries(1):
        for _ in range(50):
            room_of(product.pk, NOW)


def test_held_pieces_say_when_they_are_decided(bo: Shop, guest_actor: Actor) -> None:
    product = product_of(bo.merchant, stock=1)
    ticket = enter(product.pk, person_key(guest_actor))
    trade = placed(guest_actor, (product, 1))
    Ticket.objects.filter(pk=ticket.pk).update(state=USED, due_at=None, used_at=NOW, trade=trade)
    room = read_room(product.pk, NOW)
    assert (room.free, room.held, room.is_gone, room.frees_by) == (0, 1, False, trade.due_at)
    supply = supply_of(variant_of(product))
    supply.held, supply.sold = 0, 1
    supply.save()
    assert read_room(product.pk, NOW).is_gone


def test_a_room_without_a_product_is_gone() -> None:
    assert read_room(1, NOW).is_gone


def test_rooms_with_a_line(django_assert_num_queries: Any) -> None:
    for product_id in (7, 3, 7, 9):
        enter(product_id, f"guest:{uuid.uuid4()}")
    Ticket.objects.filter(product_id=9).update(state=ADMITTED)
    with django_assert_num_queries(1):
        assert rooms_with_a_line() == [3, 7]
    assert take_turn(3) and take_turn(3), "one transaction takes its own turn twice"


def test_passes_are_used_up(bo: Shop, guest_actor: Actor) -> None:
    product: Product = product_of(bo.merchant)
    trade = placed(guest_actor, (product, 1))
    one, two = (enter(product.pk, f"person:{n}") for n in (1, 2))
    Ticket.objects.filter(pk=one.pk).update(state=ADMITTED)
    asked = [(product.pk, "person:1"), (product.pk, "person:2"), (product.pk, "person:3")]
    assert passes.lock(asked) == {(product.pk, "person:1"): one.pk}
    passes.use({one.pk: trade.pk}, now=NOW)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, one.due_at, one.used_at, one.trade_id) == (USED, None, NOW, trade.pk)
    assert (two.state, two.trade_id) == ("waiting", None)
    move = Move.objects.get(subject_type="room_ticket")
    assert (move.subject_id, move.event) == (str(one.pk), "use")


def test_nobody_is_no_person() -> None:
    with pytest.raises(ValueError, match="guest key"):
        person_key(NOBODY)
