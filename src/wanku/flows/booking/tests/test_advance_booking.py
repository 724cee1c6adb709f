"""On the way, begun, done."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Shop
from tests.slots import COURSE, STARTS, SlotKind
from wanku.access.actor import Actor
from wanku.files.models import Picture
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.tests.state import booking_of, last_move, picture
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order

END = STARTS + timedelta(hours=1)


@pytest.fixture
def accepted(order: Order, bo: Shop) -> Order:
    """It was taken."""
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    return order


def picture_of(owner: str) -> Picture:
    """One that somebody uploaded."""
    return Picture.objects.create(owner=owner, is_public=False, sha256=b"1", width=1, height=1, bytes=1, created_at=NOW)


def test_all_the_way(accepted: Order, bo: Shop) -> None:
    left, begun = STARTS - timedelta(minutes=30), STARTS + timedelta(minutes=3)
    advance_booking(accepted.pk, "depart", actor=bo.actor, now=left)
    assert booking_of(accepted).state == "under_way"
    assert Line.objects.get(order=accepted).shipped == 0
    advance_booking(accepted.pk, "start", actor=bo.actor, now=begun)
    booking = booking_of(accepted)
    assert (booking.state, booking.started_at, booking.due_at) == ("started", begun, END + timedelta(days=1))
    assert Line.objects.get(order=accepted).shipped == 1, "nobody else can have it now"
    accepted.refresh_from_db()
    assert accepted.state == "fulfilling"
    advance_booking(accepted.pk, "finish", actor=bo.actor, now=END)
    booking = booking_of(accepted)
    assert (booking.state, booking.done_at, booking.due_at) == ("done", END, None)
    accepted.refresh_from_db()
    assert (accepted.state, accepted.fulfilled_at) == ("fulfilled", END)
    assert accepted.due_at == END + timedelta(days=2)


def test_steps_may_be_left_out(accepted: Order, bo: Shop) -> None:
    advance_booking(accepted.pk, "finish", actor=bo.actor, now=END)
    assert booking_of(accepted).state == "done"


def test_entered_the_day_after(accepted: Order, bo: Shop) -> None:
    late = END + timedelta(days=1)
    advance_booking(accepted.pk, "start", actor=bo.actor, now=late, happened_at=STARTS)
    advance_booking(accepted.pk, "finish", actor=bo.actor, now=late, happened_at=END)
    booking = booking_of(accepted)
    assert (booking.started_at, booking.done_at) == (STARTS, END)
    move = last_move(accepted)
    assert (move.at, move.facts["happened_at"]) == (late, END.isoformat())


def test_with_proof(accepted: Order, bo: Shop) -> None:
    photo = picture_of(f"merchant:{bo.merchant.pk}")
    advance_booking(accepted.pk, "finish", actor=bo.actor, now=END, note="  换了滤芯  ", pictures=[photo.pk, photo.pk])
    (given,) = booking_of(accepted).proof
    assert given == {
        "event": "finish",
        "at": END.isoformat(),
        "entered_at": END.isoformat(),
        "by": bo.owner.pk,
        "note": "换了滤芯",
        "pictures": [str(photo.pk)],
    }
    assert last_move(accepted).facts == {"order": str(accepted.pk), "pictures": 1, "noted": True}


def test_proof_that_is_refused(accepted: Order, bo: Shop, cy: Shop) -> None:
    before = picture(accepted)
    foreign = picture_of(f"merchant:{cy.merchant.pk}")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"note": "长" * 501}, "bad_value"),
        ({"pictures": [foreign.pk]}, "not_your_picture"),
        ({"pictures": [picture_of(f"merchant:{bo.merchant.pk}").pk for _ in range(7)]}, "bad_value"),
    ]
    for fields, code in cases:
        with pytest.raises(Refusal, match=code):
            advance_booking(accepted.pk, "finish", actor=bo.actor, now=END, **fields)
    with pytest.raises(Refusal, match="not_part_of_course"):
        advance_booking(accepted.pk, "depart", actor=bo.actor, now=END, note="出发")
    assert picture(accepted) == before
    assert booking_of(accepted).proof == []


def test_not_before_its_time(accepted: Order, bo: Shop) -> None:
    before = picture(accepted)
    for event in ("depart", "start", "finish"):
        with pytest.raises(Refusal, match="booking_too_early") as no:
            advance_booking(accepted.pk, event, actor=bo.actor, now=STARTS - timedelta(hours=25))
        assert no.value.facts["at"] == STARTS - timedelta(hours=24)
    assert picture(accepted) == before


def test_not_before_the_step_before(accepted: Order, bo: Shop) -> None:
    advance_booking(accepted.pk, "start", actor=bo.actor, now=STARTS)
    before = picture(accepted)
    with pytest.raises(Refusal, match="bad_value") as no:
        advance_booking(accepted.pk, "finish", actor=bo.actor, now=END, happened_at=STARTS - timedelta(minutes=1))
    assert no.value.field == "happened_at"
    assert picture(accepted) == before


def test_wrong_states(order: Order, bo: Shop) -> None:
    before = picture(order)
    for event in ("depart", "start", "finish"):
        with pytest.raises(Refusal, match="wrong_state"):
            advance_booking(order.pk, event, actor=bo.actor, now=STARTS)
    assert picture(order) == before
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    advance_booking(order.pk, "finish", actor=bo.actor, now=END)
    before = picture(order)
    with pytest.raises(Refusal, match="wrong_state"):
        advance_booking(order.pk, "finish", actor=bo.actor, now=END)
    assert picture(order) == before


def test_steps_that_the_kind_does_not_have(accepted: Order, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = picture(accepted)
    monkeypatch.setattr(SlotKind, "course", replace(COURSE, acts={"finish": "Done"}))
    with pytest.raises(Refusal, match="not_part_of_course"):
        advance_booking(accepted.pk, "depart", actor=bo.actor, now=STARTS)
    for event in ("accept", "no_show", "cancel", "nonsense"):
        with pytest.raises(Refusal, match="bad_value"):
            advance_booking(accepted.pk, event, actor=bo.actor, now=STARTS)
    assert picture(accepted) == before


def test_others(accepted: Order, cy: Shop, ann_actor: Actor) -> None:
    before = picture(accepted)
    for actor in (cy.actor, ann_actor):
        with pytest.raises(Refusal, match="not_found"):
            advance_booking(accepted.pk, "finish", actor=actor, now=END)
    assert picture(accepted) == before
