"""Nobody came."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from tests.slots import COURSE, STARTS, SlotKind
from wanku.access.actor import Actor
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.mark_no_show import mark_no_show
from wanku.flows.booking.tests.state import booking_of, picture
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order

HALF_PAST = STARTS + timedelta(minutes=30)


@pytest.fixture
def accepted(order: Order, bo: Shop) -> Order:
    """It was taken."""
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    return order


def test_the_merchant_kept_the_promise(accepted: Order, bo: Shop, slots: SlotKind) -> None:
    mark_no_show(accepted.pk, actor=bo.actor, now=HALF_PAST)
    booking = booking_of(accepted)
    assert (booking.state, booking.due_at, booking.done_at) == ("no_show", None, HALF_PAST)
    accepted.refresh_from_db()
    assert (accepted.state, accepted.due_at) == ("fulfilled", HALF_PAST + timedelta(days=2))
    assert picture(accepted).refunds == ()
    assert Line.objects.get(order=accepted).shipped == 1
    assert [told for told, _ in slots.told] == ["placed", "paid"], "nothing is free"


def test_not_before_its_time(accepted: Order, bo: Shop) -> None:
    before = picture(accepted)
    with pytest.raises(Refusal, match="booking_too_early"):
        mark_no_show(accepted.pk, actor=bo.actor, now=STARTS - timedelta(seconds=1))
    assert picture(accepted) == before


def test_wrong_states(order: Order, bo: Shop) -> None:
    with pytest.raises(Refusal, match="wrong_state"):
        mark_no_show(order.pk, actor=bo.actor, now=HALF_PAST)
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    advance_booking(order.pk, "start", actor=bo.actor, now=STARTS)
    before = picture(order)
    with pytest.raises(Refusal, match="wrong_state"):
        mark_no_show(order.pk, actor=bo.actor, now=HALF_PAST)
    assert picture(order) == before


def test_kinds_without_it(accepted: Order, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlotKind, "course", replace(COURSE, acts={"finish": "Done"}))
    before = picture(accepted)
    with pytest.raises(Refusal, match="not_part_of_course"):
        mark_no_show(accepted.pk, actor=bo.actor, now=HALF_PAST)
    assert picture(accepted) == before


def test_others(accepted: Order, cy: Shop, ann_actor: Actor) -> None:
    before = picture(accepted)
    for actor in (cy.actor, ann_actor):
        with pytest.raises(Refusal, match="not_found"):
            mark_no_show(accepted.pk, actor=actor, now=HALF_PAST)
    assert picture(accepted) == before
