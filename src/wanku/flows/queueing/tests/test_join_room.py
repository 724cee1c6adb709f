"""Taking a place: who gets one, who gets through at once, and who is refused."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Product, ProductState
from wanku.flows.queueing.join_room import join_room
from wanku.flows.queueing.tests.line import guest, people, queued, states
from wanku.kernel.refusal import Refusal
from wanku.orders.models import PersonalCount
from wanku.pricing.quote import Wish
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.queries import forget, room_of

pytestmark = pytest.mark.django_db


def refused(product: Product, actor: Actor, wish: Wish | None = None) -> Refusal:
    before = list(Ticket.objects.values())
    with pytest.raises(Refusal) as no:
        join_room(product.pk, wish=wish, actor=actor, now=NOW)
    assert list(Ticket.objects.values()) == before
    return no.value


def test_without_a_crowd_one_passes_straight_through(bo: Shop, guest_actor: Actor) -> None:
    product = queued(bo)
    variant = variant_of(product)
    ticket = join_room(product.pk, wish=Wish(variant.pk, 2, (5,)), actor=guest_actor, now=NOW)
    assert (ticket.state, ticket.due_at) == ("admitted", NOW + timedelta(minutes=3))
    assert ticket.wish == {"variant": variant.pk, "quantity": 2, "add_ons": [5]}


def test_with_more_people_than_pieces_the_later_ones_wait(bo: Shop) -> None:
    product = queued(bo, stock=2)
    people(product, 5)
    assert states() == ["admitted", "admitted", "waiting", "waiting", "waiting"]
    assert Ticket.objects.filter(state="waiting").first().due_at == NOW + timedelta(minutes=30)  # type: ignore[union-attr]


def test_whoever_has_a_place_keeps_it(bo: Shop) -> None:
    product = queued(bo, stock=1)
    tickets = people(product, 3)
    again = join_room(product.pk, wish=None, actor=guest(1), now=NOW + timedelta(minutes=1))
    assert again.pk == tickets[1].pk
    assert Ticket.objects.count() == 3


def test_a_member_has_one_place_from_two_browsers(bo: Shop, ann_actor: Actor) -> None:
    product = queued(bo)
    first = join_room(product.pk, wish=None, actor=ann_actor, now=NOW)
    second = join_room(
        product.pk, wish=None, actor=Actor(person_id=ann_actor.person_id, guest_key=guest(1).guest_key), now=NOW
    )
    assert first.pk == second.pk


def test_a_free_piece_does_not_let_anybody_past_the_line(bo: Shop) -> None:
    product = queued(bo, stock=1)
    people(product, 2)
    Ticket.objects.filter(state="admitted").update(state="lapsed", due_at=None)
    forget()
    late = join_room(product.pk, wish=None, actor=guest(9), now=NOW)
    assert late.state == "waiting"


def test_in_a_rush_joining_costs_one_reading_and_one_insert(bo: Shop, django_assert_num_queries: Any) -> None:
    product = queued(bo, stock=1)
    people(product, 3)
    wish = Wish(variant_of(product).pk, 1)
    forget()
    room_of(product.pk, NOW)
    with django_assert_num_queries(2):
        join_room(product.pk, wish=wish, actor=guest(9), now=NOW)


def test_no_place_where_no_queue_is(bo: Shop, guest_actor: Actor) -> None:
    assert refused(product_of(bo.merchant), guest_actor).code.name == "no_waiting_room"


def test_no_place_for_what_is_not_offered(bo: Shop, cy: Shop, guest_actor: Actor) -> None:
    product, other = queued(bo), product_of(cy.merchant)
    assert refused(product, guest_actor, Wish(variant_of(other).pk, 1)).code.name == "unavailable"
    Product.objects.filter(pk=product.pk).update(state=ProductState.OFF)
    assert refused(product, guest_actor).code.name == "not_found"


def test_no_place_for_what_is_gone_but_one_while_pieces_may_come_back(bo: Shop, guest_actor: Actor) -> None:
    product = queued(bo, stock=1, slug="gone")
    supply = supply_of(variant_of(product))
    supply.free, supply.held = 0, 1
    supply.save()
    assert join_room(product.pk, wish=None, actor=guest(1), now=NOW).state == "waiting"
    supply.held, supply.sold = 0, 1
    supply.save()
    forget()
    assert refused(product, guest_actor).code.name == "sold_out"


def test_no_place_for_who_has_all_that_one_may_have(bo: Shop, ann_actor: Actor) -> None:
    product = queued(bo, limit_per_person=2)
    PersonalCount.objects.create(product_id=product.pk, person_key=f"person:{ann_actor.person_id}", pieces=2)
    no = refused(product, ann_actor)
    assert (no.code.name, no.facts["limit"], no.facts["left"]) == ("limit_per_person", 2, 0)
    PersonalCount.objects.update(pieces=1)
    assert join_room(product.pk, wish=None, actor=ann_actor, now=NOW).state == "admitted"
