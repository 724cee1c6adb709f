"""Two at the same moment: one wins, the other is told. With the locks off the race must appear."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.cast import NOW, Shop
from tests.slots import STARTS, SlotKind, book, choice_of, free_at, hour_of, open_hours
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.bookings_due import bookings_due
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.check_in import check_in
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.proving.prove_books import prove_books
from wanku.fulfilment.models import Booking
from wanku.inventory import take
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order
from wanku.payments.models import Refund

pytestmark = pytest.mark.django_db(transaction=True)
UNANSWERED = NOW + timedelta(hours=48)
both = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])


def refused(results: Sequence[Any]) -> list[str]:
    """Codes of the refusals; any other error fails the test."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, Refusal):
            raise result
    return [result.code.name for result in results if isinstance(result, Refusal)]


def steps(order: Order) -> list[str]:
    """What happened to the booking since it began."""
    moves = Move.objects.filter(trade_id=order.trade_id, subject_type="booking").order_by("id")
    return list(moves.values_list("event", flat=True))[1:]


def sound() -> bool:
    """Whether the books hold."""
    return all(check.holds for check in prove_books())


@both
def test_the_merchant_accepts_as_the_clock_runs_out(
    locked: bool, slots: SlotKind, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = book(ann_actor, bo)
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.booking.accept_booking.step")
    meeting.before(monkeypatch, "wanku.flows.booking._undo.step")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(
        lambda: accept_booking(order.pk, actor=bo.actor, now=UNANSWERED), lambda: bookings_due(now=UNANSWERED)
    )
    if not locked:
        assert sorted(steps(order)) == ["accept", "lapse"], "accepted and paid back"
        return
    assert len(steps(order)) == 1
    state = Booking.objects.get(order=order).state
    if state == "accepted":
        assert refused(results) == []
        assert not Refund.objects.exists()
        assert Order.objects.get(pk=order.pk).state == "fulfilling"
    else:
        assert (state, refused(results)) == ("rejected", ["wrong_state"])
        assert Order.objects.get(pk=order.pk).state == "closed"
    assert sound()


@both
def test_the_buyer_cancels_at_the_door(
    locked: bool, slots: SlotKind, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = book(ann_actor, bo)
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    code = Booking.objects.get(order=order).code
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.booking.check_in.step")
    meeting.before(monkeypatch, "wanku.flows.booking._undo.step")
    if not locked:
        locks_off(monkeypatch)
    at = STARTS - timedelta(minutes=5)
    results = at_once(
        lambda: check_in(code, actor=bo.actor, now=at),
        lambda: cancel_booking(order.pk, actor=ann_actor, now=at, agreed_fee=10_000),
    )
    if not locked:
        assert sorted(steps(order)) == ["accept", "cancel", "start"], "inside and cancelled"
        return
    assert refused(results) == ["wrong_state"]
    booking, sold = Booking.objects.get(order=order), free_at(order.lines.get().variant_id, STARTS) == 0
    assert (booking.state, sold) in (("started", True), ("cancelled", False))
    assert sound()


@both
def test_two_move_to_the_last_hour(
    locked: bool, slots: SlotKind, ann_actor: Actor, other_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    variant, last = hour_of(bo), STARTS + timedelta(days=1)
    orders = [book(actor, bo, variant=variant, capacity=2) for actor in (ann_actor, other_actor)]
    open_hours(variant, last)
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.booking._new_time.first_way")
    if not locked:
        locks_off(monkeypatch)
        monkeypatch.setattr(take, "LOCK", take.LOCK.replace(" FOR NO KEY UPDATE", ""))
    results = at_once(
        *[
            lambda order=order, actor=actor: reschedule_booking(order.pk, choice=choice_of(last), actor=actor, now=NOW)
            for order, actor in zip(orders, (ann_actor, other_actor), strict=True)
        ]
    )
    assert meeting.met is not locked, "with locks the second one looks when the first is done"
    # Even where both found it free, the counter lets one of them have it.
    moved = Booking.objects.filter(starts_at=last).count()
    assert (moved, free_at(variant.pk, last), free_at(variant.pk, STARTS)) == (1, 0, 1)
    assert refused(results) == ["not_free"]
    assert [told for told, _ in slots.told].count("moved") == 1


@both
def test_two_sweepers(
    locked: bool, slots: SlotKind, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = book(ann_actor, bo)
    Meeting().before(monkeypatch, "wanku.flows.booking._undo.step")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(*[lambda: bookings_due(now=UNANSWERED)] * 2)
    assert refused(results) == []
    if locked:
        assert steps(order) == ["lapse"]
        assert Refund.objects.count() == 1
        assert sound()
    else:
        assert len(steps(order)) > 1 or Refund.objects.count() > 1
