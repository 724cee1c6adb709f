"""The buyer confirms what the merchant did not enter."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from tests.slots import STARTS
from wanku.access.actor import Actor
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.confirm_booking import confirm_booking
from wanku.flows.booking.tests.state import booking_of, last_move, picture
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order
from wanku.settlement.models import Window

AFTER = STARTS + timedelta(hours=2)


def test_done_and_complete(order: Order, bo: Shop, ann_actor: Actor) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    confirm_booking(order.pk, actor=ann_actor, now=AFTER)
    assert (booking_of(order).state, booking_of(order).done_at) == ("done", AFTER)
    order.refresh_from_db()
    assert (order.state, order.fulfilled_at, order.completed_at, order.due_at) == ("completed", AFTER, AFTER, None)
    assert Window.objects.get(order_id=order.pk).state == "open"
    assert (last_move(order).event, last_move(order).actor) == ("finish", "buyer")


def test_not_before_its_time(order: Order, bo: Shop, ann_actor: Actor) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    before = picture(order)
    with pytest.raises(Refusal, match="booking_too_early"):
        confirm_booking(order.pk, actor=ann_actor, now=STARTS - timedelta(seconds=1))
    assert picture(order) == before
    assert not Window.objects.exists()


def test_not_before_it_is_accepted(order: Order, ann_actor: Actor) -> None:
    before = picture(order)
    with pytest.raises(Refusal, match="wrong_state"):
        confirm_booking(order.pk, actor=ann_actor, now=AFTER)
    assert picture(order) == before


def test_others(order: Order, bo: Shop, other_actor: Actor) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    before = picture(order)
    for actor in (bo.actor, other_actor):
        with pytest.raises(Refusal, match="not_found"):
            confirm_booking(order.pk, actor=actor, now=AFTER)
    assert picture(order) == before
