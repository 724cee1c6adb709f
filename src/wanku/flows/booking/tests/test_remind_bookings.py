"""Reminders, once each."""

from datetime import timedelta

from tests.cast import NOW, Shop
from tests.slots import STARTS, SlotKind, book, choice_of, hour_of, open_hours
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.remind_bookings import remind_bookings
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.booking.tests.state import booking_of, last_move
from wanku.orders.models import Order

HALF = NOW + timedelta(hours=24)


def test_the_merchant_at_half_time(order: Order) -> None:
    assert remind_bookings(now=HALF - timedelta(seconds=1)) == 0
    assert remind_bookings(now=HALF) == 1
    assert remind_bookings(now=HALF) == 0
    assert (last_move(order).event, booking_of(order).reminded_at) == ("remind_merchant", HALF)
    assert booking_of(order).state == "to_accept"


def test_the_buyer_the_day_before(order: Order, bo: Shop) -> None:
    remind_bookings(now=HALF)
    accept_booking(order.pk, actor=bo.actor, now=HALF)
    assert booking_of(order).reminded_at is None, "the next state begins anew"
    day_before = STARTS - timedelta(hours=24)
    assert remind_bookings(now=day_before - timedelta(seconds=1)) == 0
    assert remind_bookings(now=day_before) == 1
    assert remind_bookings(now=day_before) == 0
    assert last_move(order).event == "remind_buyer"


def test_again_after_it_was_moved(ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    variant = hour_of(bo)
    order = book(ann_actor, bo, variant=variant)
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    day_before = STARTS - timedelta(hours=24)
    remind_bookings(now=day_before)
    later = STARTS + timedelta(days=2)
    open_hours(variant, later)
    reschedule_booking(order.pk, choice=choice_of(later), actor=ann_actor, now=day_before)
    assert remind_bookings(now=day_before) == 0
    assert remind_bookings(now=later - timedelta(hours=24)) == 1
    assert Move.objects.filter(event="remind_buyer").count() == 2


def test_not_who_booked_a_moment_ago(ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    order = book(ann_actor, bo, NOW + timedelta(hours=10))
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    assert remind_bookings(now=NOW + timedelta(hours=1)) == 0


def test_some_at_a_time(ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    for _ in range(3):
        book(ann_actor, bo)
    assert [remind_bookings(now=HALF, limit=2) for _ in range(3)] == [2, 1, 0]
