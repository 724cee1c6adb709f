"""The merchant declines: everything goes back."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from tests.sale import balance
from tests.slots import STARTS, SlotKind, free_at
from wanku.access.actor import Actor
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.reject_booking import reject_booking
from wanku.flows.booking.tests.state import booking_of, last_move, picture
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order
from wanku.payments.models import Refund

LATER = NOW + timedelta(minutes=20)


def test_rejected(order: Order, bo: Shop, slots: SlotKind) -> None:
    line = Line.objects.get(order=order)
    assert free_at(line.variant_id, STARTS) == 0
    reject_booking(order.pk, because="师傅生病了", actor=bo.actor, now=LATER)
    booking = booking_of(order)
    assert (booking.state, booking.due_at, booking.done_at) == ("rejected", None, LATER)
    order.refresh_from_db()
    assert (order.state, order.due_at) == ("closed", None)
    refund = Refund.objects.get(order=order)
    assert (refund.amount, refund.reason, refund.note) == (10_000, "rejected", "师傅生病了")
    assert balance(f"merchant:{bo.merchant.pk}:held") == 0
    assert balance("buyer:refunds_due") == 10_000
    assert free_at(line.variant_id, STARTS) == 1
    assert slots.told[-1] == ("freed:rejected", [line.pk])
    assert [told for told, _ in slots.told] == ["placed", "paid", "freed:rejected"]
    assert last_move(order).facts["note"] == "师傅生病了"
    assert last_move(order, "order").facts["amount"] == 10_000


@pytest.mark.parametrize("because", ["", "x", "长" * 201])
def test_with_a_reason(because: str, order: Order, bo: Shop) -> None:
    before = picture(order)
    with pytest.raises(Refusal, match="bad_value") as no:
        reject_booking(order.pk, because=because, actor=bo.actor, now=LATER)
    assert no.value.field == "because"
    assert picture(order) == before


def test_not_once_it_is_accepted(order: Order, bo: Shop, slots: SlotKind) -> None:
    accept_booking(order.pk, actor=bo.actor, now=LATER)
    before = picture(order)
    with pytest.raises(Refusal, match="wrong_state"):
        reject_booking(order.pk, because="没有时间", actor=bo.actor, now=LATER)
    assert picture(order) == before
    assert slots.told[-1][0] == "paid"


def test_others(order: Order, cy: Shop, ann_actor: Actor) -> None:
    before = picture(order)
    for actor in (cy.actor, ann_actor):
        with pytest.raises(Refusal, match="not_found"):
            reject_booking(order.pk, because="没有时间", actor=actor, now=LATER)
    assert picture(order) == before
