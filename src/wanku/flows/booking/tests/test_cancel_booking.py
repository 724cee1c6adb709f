"""Calling off, by the table that was frozen with the order."""

from datetime import datetime, timedelta

import pytest

from tests.cast import NOW, Shop
from tests.sale import balance
from tests.slots import STARTS, SlotKind, book, free_at, hour_of
from wanku.access.actor import NOBODY, Actor
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.tests.state import booking_of, last_move, picture
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.refund_order import refund_order
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.settling.release_due import release_due
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order
from wanku.payments.models import Refund
from wanku.payments.refund_plan import Wanted
from wanku.settlement.models import Window

EARLY = STARTS - timedelta(hours=30)
HALF = STARTS - timedelta(hours=10)
LATE = STARTS - timedelta(hours=1)


def test_early_enough_is_free(order: Order, ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    line = Line.objects.get(order=order)
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    assert cancel_booking(order.pk, actor=ann_actor, now=EARLY, because="changed_mind") is None
    assert (booking_of(order).state, booking_of(order).done_at) == ("cancelled", EARLY)
    order.refresh_from_db()
    assert (order.state, order.due_at) == ("closed", None)
    assert Refund.objects.get(order=order).amount == 10_000
    assert balance(f"merchant:{bo.merchant.pk}:held") == 0
    assert free_at(line.variant_id, STARTS) == 1
    assert slots.told[-1] == ("freed:cancelled", [line.pk])
    assert not Window.objects.exists()


def test_later_at_the_fee_that_was_agreed(order: Order, ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    line = Line.objects.get(order=order)
    refund = cancel_booking(order.pk, actor=ann_actor, now=HALF, agreed_fee=5_000)
    assert refund is not None and refund.amount == 5_000
    assert booking_of(order).state == "cancelled"
    assert last_move(order).facts["fee"] == 5_000
    order.refresh_from_db()
    assert (order.state, order.completed_at, order.due_at) == ("completed", HALF, None)
    assert balance(f"merchant:{bo.merchant.pk}:held") == 5_000
    assert free_at(line.variant_id, STARTS) == 1
    line.refresh_from_db()
    assert (line.called_off, line.standing) == (1, 0)
    assert slots.told[-1] == ("freed:cancelled", [line.pk])
    window = Window.objects.get(order_id=order.pk)
    assert window.due_at is not None
    release_due(now=window.due_at, limit=10)
    assert balance(f"merchant:{bo.merchant.pk}:held") == 0
    assert balance(f"merchant:{bo.merchant.pk}:available") == 5_000 - 150, "the fee settles, less commission of it"


def test_too_late_the_whole_price_stays(order: Order, ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    line = Line.objects.get(order=order)
    assert cancel_booking(order.pk, actor=ann_actor, now=LATE, agreed_fee=10_000) is None
    order.refresh_from_db()
    assert (order.state, booking_of(order).state) == ("completed", "cancelled")
    assert not Refund.objects.exists()
    assert balance(f"merchant:{bo.merchant.pk}:held") == 10_000
    assert free_at(line.variant_id, STARTS) == 1, "somebody else may still come"
    assert slots.told[-1] == ("freed:cancelled", [line.pk])


def test_the_fee_that_was_kept_can_be_given_back_later(order: Order, ann_actor: Actor, bo: Shop) -> None:
    cancel_booking(order.pk, actor=ann_actor, now=HALF, agreed_fee=5_000)
    refund = refund_order(order.pk, Wanted(everything=True), because="下次再来", actor=bo.actor, now=HALF)
    assert refund.amount == 5_000
    order.refresh_from_db()
    assert order.state == "closed"
    assert balance(f"merchant:{bo.merchant.pk}:held") == 0
    assert free_at(Line.objects.get(order=order).variant_id, STARTS) == 1, "it was set free once"


def test_the_books_hold_after_all_of_it(ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    for moment, fee in [(EARLY, 0), (HALF, 5_000), (LATE, 10_000)]:
        cancel_booking(book(ann_actor, bo).pk, actor=ann_actor, now=moment, agreed_fee=fee)
    assert [check.says for check in prove_books() if not check.holds] == []


@pytest.mark.parametrize(("now", "agreed"), [(HALF, 0), (HALF, 4_999), (LATE, 5_000)])
def test_nobody_pays_a_fee_unseen(now: datetime, agreed: int, order: Order, ann_actor: Actor, slots: SlotKind) -> None:
    before = picture(order)
    with pytest.raises(Refusal, match="cancellation_fee") as no:
        cancel_booking(order.pk, actor=ann_actor, now=now, agreed_fee=agreed)
    assert no.value.facts["amount"] == (5_000 if now == HALF else 10_000)
    with pytest.raises(Refusal, match="cancellation_fee"):
        withdraw_order(order.pk, actor=ann_actor, because="other", now=now)
    assert picture(order) == before
    assert slots.told[-1][0] == "paid"


def test_what_was_paid_back_before_costs_no_fee(order: Order, ann_actor: Actor, bo: Shop) -> None:
    refund_order(order.pk, Wanted(amount=2_000), because="小补偿", actor=bo.actor, now=NOW)
    assert booking_of(order).state == "to_accept", "a part changes nothing"
    refund = cancel_booking(order.pk, actor=ann_actor, now=HALF, agreed_fee=4_000)
    assert refund is not None and refund.amount == 4_000


def test_the_merchant_gives_everything_back(order: Order, bo: Shop, slots: SlotKind) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    cancel_booking(order.pk, actor=bo.actor, now=LATE, note="停电了")
    assert (booking_of(order).state, last_move(order).facts["note"]) == ("cancelled", "停电了")
    assert Refund.objects.get(order=order).amount == 10_000
    assert Order.objects.get(pk=order.pk).state == "closed"


def test_even_what_was_begun(order: Order, bo: Shop, di_actor: Actor, slots: SlotKind) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    advance_booking(order.pk, "start", actor=bo.actor, now=STARTS)
    cancel_booking(order.pk, actor=di_actor, now=STARTS)
    line = Line.objects.get(order=order)
    assert free_at(line.variant_id, STARTS) == 0, "but it was used"
    assert slots.told[-1] == ("freed:cancelled", [line.pk])
    assert Refund.objects.get(order=order).amount == 10_000


def test_not_what_was_begun_by_the_buyer(order: Order, ann_actor: Actor, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    advance_booking(order.pk, "depart", actor=bo.actor, now=LATE)
    before = picture(order)
    with pytest.raises(Refusal, match="wrong_state"):
        cancel_booking(order.pk, actor=ann_actor, now=LATE, agreed_fee=10_000)
    assert picture(order) == before


def test_twice(order: Order, ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    cancel_booking(order.pk, actor=ann_actor, now=EARLY)
    before, told = picture(order), list(slots.told)
    for actor in (ann_actor, bo.actor):
        with pytest.raises(Refusal, match="wrong_state"):
            cancel_booking(order.pk, actor=actor, now=EARLY)
    assert picture(order) == before
    assert slots.told == told


def test_others(order: Order, cy: Shop, other_actor: Actor) -> None:
    before = picture(order)
    for actor in (cy.actor, other_actor, NOBODY):
        with pytest.raises(Refusal, match="not_found"):
            cancel_booking(order.pk, actor=actor, now=EARLY)
    assert picture(order) == before


def test_taking_an_order_back_is_the_same(order: Order, ann_actor: Actor, slots: SlotKind) -> None:
    withdraw_order(order.pk, actor=ann_actor, because="changed_mind", now=EARLY)
    assert booking_of(order).state == "cancelled"
    assert last_move(order, "order").because == "changed_mind"


def test_a_whole_refund_ends_the_booking(order: Order, bo: Shop, slots: SlotKind) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    refund_order(order.pk, Wanted(everything=True), because="关门一天", actor=bo.actor, now=NOW)
    line = Line.objects.get(order=order)
    assert (booking_of(order).state, booking_of(order).due_at) == ("cancelled", None)
    assert last_move(order).because == "refunded"
    assert slots.told[-1] == ("freed:refunded", [line.pk])
    assert free_at(line.variant_id, STARTS) == 1


def test_a_refund_of_what_was_done(order: Order, bo: Shop, slots: SlotKind) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    advance_booking(order.pk, "finish", actor=bo.actor, now=STARTS + timedelta(hours=1))
    refund_order(order.pk, Wanted(everything=True), because="没修好", actor=bo.actor, now=STARTS + timedelta(hours=2))
    line = Line.objects.get(order=order)
    assert booking_of(order).state == "done", "it happened all the same"
    assert Order.objects.get(pk=order.pk).state == "closed"
    assert slots.told[-1] == ("freed:refunded", [line.pk]), "the kind takes back what it gave"
    assert free_at(line.variant_id, STARTS) == 0


def test_some_of_the_pieces(ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    order = book(ann_actor, bo, variant=hour_of(bo), quantity=3)
    line = Line.objects.get(order=order)
    refund_order(order.pk, Wanted(pieces={line.pk: 1}), because="少来一位", actor=bo.actor, now=NOW)
    assert free_at(line.variant_id, STARTS) == 1
    assert (booking_of(order).state, slots.told[-1][0]) == ("to_accept", "paid")
    refund = cancel_booking(order.pk, actor=ann_actor, now=HALF, agreed_fee=10_000)
    assert refund is not None and refund.amount == 10_000
    assert free_at(line.variant_id, STARTS) == 3
