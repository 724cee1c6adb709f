"""The code at the desk."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from tests.slots import COURSE, STARTS, SlotKind
from wanku.access.actor import NOBODY, Actor
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.check_in import LIMIT, PER, check_in
from wanku.flows.booking.tests.state import booking_of, last_move, picture
from wanku.fulfilment.codes import new_code, spaced_code
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import StaffRole
from wanku.orders.models import Line, Order


@pytest.fixture
def accepted(order: Order, bo: Shop) -> Order:
    """It was taken."""
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    return order


def test_let_in(accepted: Order, bo: Shop) -> None:
    code = booking_of(accepted).code
    assert check_in(spaced_code(code), actor=bo.actor, now=STARTS) == accepted.pk
    booking = booking_of(accepted)
    assert (booking.state, booking.started_at) == ("started", STARTS)
    assert (last_move(accepted).event, last_move(accepted).because) == ("start", "code")
    assert Line.objects.get(order=accepted).shipped == 1
    before = picture(accepted)
    with pytest.raises(Refusal, match="wrong_state"):
        check_in(code, actor=bo.actor, now=STARTS)
    assert picture(accepted) == before


def test_an_entrance_ticket_is_done_with_it(accepted: Order, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    states = {state: word for state, word in COURSE.states.items() if state != "started"}
    monkeypatch.setattr(SlotKind, "course", replace(COURSE, states=states))
    check_in(booking_of(accepted).code, actor=bo.actor, now=STARTS)
    assert booking_of(accepted).state == "done"
    assert Order.objects.get(pk=accepted.pk).state == "fulfilled"


def test_only_at_the_desk_of_its_shop(accepted: Order, bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    before, code = picture(accepted), booking_of(accepted).code
    service = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: StaffRole.SERVICE}, merchant_id=bo.merchant.pk)
    for actor, refusal in [
        (cy.actor, "wrong_code"),
        (ann_actor, "not_found"),
        (NOBODY, "not_found"),
        (service, "not_allowed"),
    ]:
        with pytest.raises(Refusal, match=refusal):
            check_in(code, actor=actor, now=STARTS)
    assert picture(accepted) == before


def test_guessing_ends_soon(accepted: Order, bo: Shop) -> None:
    before, code = picture(accepted), booking_of(accepted).code
    for guess in ["", "1234", *(new_code() for _ in range(LIMIT - 2))]:
        with pytest.raises(Refusal, match="wrong_code"):
            check_in(guess, actor=bo.actor, now=STARTS)
    for attempt in (new_code(), code):
        with pytest.raises(Refusal, match="too_often") as no:
            check_in(attempt, actor=bo.actor, now=STARTS)
        assert STARTS < no.value.facts["at"] <= STARTS + PER
    assert picture(accepted) == before
    check_in(code, actor=bo.actor, now=STARTS + PER)
    assert booking_of(accepted).state == "started"


def test_not_days_before(accepted: Order, bo: Shop) -> None:
    before = picture(accepted)
    with pytest.raises(Refusal, match="booking_too_early"):
        check_in(booking_of(accepted).code, actor=bo.actor, now=STARTS - timedelta(hours=25))
    assert picture(accepted) == before


def test_not_before_it_is_accepted(order: Order, bo: Shop) -> None:
    before = picture(order)
    with pytest.raises(Refusal, match="wrong_state"):
        check_in(booking_of(order).code, actor=bo.actor, now=STARTS)
    assert picture(order) == before


def test_kinds_without_a_code(accepted: Order, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlotKind, "course", replace(COURSE, by_code=False))
    before = picture(accepted)
    with pytest.raises(Refusal, match="not_part_of_course"):
        check_in(booking_of(accepted).code, actor=bo.actor, now=STARTS)
    assert picture(accepted) == before
