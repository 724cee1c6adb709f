"""Silence about a booking."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from tests.slots import COURSE, OPEN_DOOR, STARTS, SlotKind, book, free_at
from wanku.access.actor import Actor
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.bookings_due import bookings_due
from wanku.flows.booking.tests.state import booking_of, last_move, picture
from wanku.flows.fulfilling.late_due import late_due
from wanku.flows.fulfilling.receive_due import receive_due
from wanku.fulfilment.models import Booking
from wanku.orders.models import Line, Order
from wanku.payments.models import Refund

UNANSWERED = NOW + timedelta(hours=48)
END = STARTS + timedelta(hours=1)


def test_not_accepted(order: Order, slots: SlotKind) -> None:
    before = picture(order)
    assert bookings_due(now=UNANSWERED - timedelta(seconds=1)) == 0
    assert picture(order) == before
    assert bookings_due(now=UNANSWERED) == 1
    line = Line.objects.get(order=order)
    assert booking_of(order).state == "rejected"
    assert Order.objects.get(pk=order.pk).state == "closed"
    refund = Refund.objects.get(order=order)
    assert (refund.amount, refund.reason) == (10_000, "not_accepted")
    assert free_at(line.variant_id, STARTS) == 1
    assert slots.told[-1] == ("freed:not_accepted", [line.pk])
    assert (last_move(order).event, last_move(order).actor) == ("lapse", "clock")
    assert bookings_due(now=UNANSWERED) == 0


def test_the_merchant_did_not_come(order: Order, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    assert bookings_due(now=END + timedelta(days=1)) == 1
    assert booking_of(order).state == "cancelled"
    assert Refund.objects.get(order=order).amount == 10_000
    assert last_move(order).event == "miss"


def test_the_buyer_did_not_come(ann_actor: Actor, bo: Shop, slots: SlotKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlotKind, "course", OPEN_DOOR)
    order = book(ann_actor, bo)
    assert bookings_due(now=STARTS + timedelta(days=1)) == 1
    assert booking_of(order).state == "no_show"
    assert Order.objects.get(pk=order.pk).state == "fulfilled"
    assert not Refund.objects.exists()


def test_what_was_begun_counts_as_done(order: Order, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    advance_booking(order.pk, "start", actor=bo.actor, now=STARTS)
    after = END + timedelta(days=1)
    assert bookings_due(now=after) == 1
    assert (booking_of(order).state, last_move(order).because) == ("done", "silence")
    assert receive_due(now=after + timedelta(days=2)) == 1
    assert Order.objects.get(pk=order.pk).state == "completed"


def test_a_state_without_a_clock_makes_the_order_late(order: Order, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlotKind, "course", replace(COURSE, silence={}))
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    assert booking_of(order).due_at is None
    promised = END + timedelta(hours=24)
    assert (bookings_due(now=promised), late_due(now=promised)) == (0, 1)
    order.refresh_from_db()
    assert (order.state, order.late_since) == ("fulfilling", promised)


def test_some_at_a_time_and_one_bad_row(
    ann_actor: Actor, bo: Shop, slots: SlotKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [book(ann_actor, bo) for _ in range(4)]
    Booking.objects.filter(order=orders[0]).update(kind="slot", state="started", due_at=NOW)
    silence = {state: what for state, what in COURSE.silence.items() if state != "started"}
    monkeypatch.setattr(slots, "course", replace(COURSE, silence=silence))
    assert bookings_due(now=UNANSWERED, limit=10) == 0, "the broken one ends this turn"
    assert booking_of(orders[0]).due_at == UNANSWERED + timedelta(minutes=10), "and is put off"
    assert bookings_due(now=UNANSWERED, limit=2) == 2
    assert bookings_due(now=UNANSWERED, limit=2) == 1
    assert [booking_of(order).state for order in orders] == ["started", *["rejected"] * 3]
