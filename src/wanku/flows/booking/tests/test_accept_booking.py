"""The merchant accepts."""

from datetime import timedelta

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.slots import STARTS, SlotKind, book
from wanku.access.actor import NOBODY, Actor
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.tests.state import booking_of, last_move, picture
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import StaffRole
from wanku.orders.models import Order

LATER = NOW + timedelta(minutes=20)


def test_accepted(order: Order, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=LATER)
    booking = booking_of(order)
    assert (booking.state, booking.accepted_at) == ("accepted", LATER)
    assert booking.due_at == STARTS + timedelta(hours=25), "a day after its end"
    order.refresh_from_db()
    assert (order.state, order.due_at) == ("fulfilling", order.ship_by)
    move = last_move(order)
    assert (move.event, move.actor, move.actor_id) == ("accept", "merchant", bo.owner.pk)
    assert "happened_at" not in move.facts
    assert last_move(order, "order").event == "start"


def test_entered_later_with_its_true_time(order: Order, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=LATER, happened_at=NOW + timedelta(minutes=2))
    assert booking_of(order).accepted_at == NOW + timedelta(minutes=2)
    move = last_move(order)
    assert (move.at, move.facts["happened_at"]) == (LATER, (NOW + timedelta(minutes=2)).isoformat())


@pytest.mark.parametrize("minutes", [-1, 21], ids=["before it was paid", "in the future"])
def test_times_that_cannot_be(minutes: int, order: Order, bo: Shop) -> None:
    before = picture(order)
    with pytest.raises(Refusal, match="bad_value") as no:
        accept_booking(order.pk, actor=bo.actor, now=LATER, happened_at=NOW + timedelta(minutes=minutes))
    assert no.value.field == "happened_at"
    assert picture(order) == before


def test_twice(order: Order, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=LATER)
    before = picture(order)
    with pytest.raises(Refusal, match="wrong_state"):
        accept_booking(order.pk, actor=bo.actor, now=LATER)
    assert picture(order) == before


def test_others(order: Order, bo: Shop, cy: Shop, ann_actor: Actor, other_actor: Actor) -> None:
    before = picture(order)
    service = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: StaffRole.SERVICE}, merchant_id=bo.merchant.pk)
    for actor, code in [
        (cy.actor, "not_found"),
        (ann_actor, "not_found"),
        (other_actor, "not_found"),
        (NOBODY, "not_found"),
        (service, "not_allowed"),
    ]:
        with pytest.raises(Refusal, match=code):
            accept_booking(order.pk, actor=actor, now=LATER)
    assert picture(order) == before


def test_goods_have_nothing_to_accept(slots: SlotKind, ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    with pytest.raises(Refusal, match="not_found"):
        accept_booking(order.pk, actor=bo.actor, now=LATER)


def test_an_unpaid_order(slots: SlotKind, ann_actor: Actor, bo: Shop) -> None:
    order = book(ann_actor, bo, is_paid=False)
    with pytest.raises(Refusal, match="not_found"):
        accept_booking(order.pk, actor=bo.actor, now=LATER)
