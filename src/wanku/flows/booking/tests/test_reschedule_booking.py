"""Another time for the same booking."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.slots import COURSE, STARTS, SlotKind, book, choice_of, free_at, hour_of, open_hours
from wanku.access.actor import Actor
from wanku.catalog.models import AddOn, Product, Variant
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.booking.tests.state import booking_of, last_move, picture
from wanku.kernel.money import Money
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order

NEXT = STARTS + timedelta(days=1)
EVENING = NEXT.replace(hour=18)


def open_for(order: Order, *hours: datetime) -> Line:
    """More hours of what was booked."""
    line = Line.objects.get(order=order)
    open_hours(variant_for(line), *hours)
    return line


def variant_for(line: Line) -> Variant:
    """The variant of a line."""
    return Product.objects.get(pk=line.product_id).variants.get(pk=line.variant_id)


def test_moved(order: Order, ann_actor: Actor, slots: SlotKind) -> None:
    line = open_for(order, NEXT)
    due = booking_of(order).due_at
    reschedule_booking(order.pk, choice=choice_of(NEXT), actor=ann_actor, now=NOW)
    booking = booking_of(order)
    assert (booking.state, booking.starts_at, booking.ends_at) == ("to_accept", NEXT, NEXT + timedelta(hours=1))
    assert (booking.rescheduled, booking.due_at) == (1, due)
    order.refresh_from_db()
    assert (order.starts_at, order.ship_by, order.due_at) == (NEXT, *[NEXT + timedelta(hours=25)] * 2)
    line.refresh_from_db()
    assert line.choice["day"] == f"{NEXT:%Y-%m-%d}"
    assert (free_at(line.variant_id, STARTS), free_at(line.variant_id, NEXT)) == (1, 0)
    assert slots.told[-1] == ("moved", [line.pk])
    assert last_move(order).facts == {"order": str(order.pk), "from": STARTS.isoformat(), "to": NEXT.isoformat()}


def test_an_accepted_one_stays_accepted_with_its_new_clock(order: Order, bo: Shop, ann_actor: Actor) -> None:
    open_for(order, NEXT)
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    reschedule_booking(order.pk, choice=choice_of(NEXT), actor=ann_actor, now=NOW)
    assert (booking_of(order).state, booking_of(order).due_at) == ("accepted", NEXT + timedelta(hours=25))


def test_into_a_time_that_it_holds_itself(order: Order, ann_actor: Actor, bo: Shop) -> None:
    """Its own supplies count as free while it moves: here and back again."""
    line = open_for(order, NEXT)
    for hour in (NEXT, STARTS, NEXT):
        reschedule_booking(order.pk, choice=choice_of(hour), actor=ann_actor, now=NOW)
    before = picture(order)
    with pytest.raises(Refusal, match="moved_enough"):
        reschedule_booking(order.pk, choice=choice_of(STARTS), actor=ann_actor, now=NOW)
    assert picture(order) == before
    assert (free_at(line.variant_id, STARTS), free_at(line.variant_id, NEXT)) == (1, 0)


def test_what_is_not_free(order: Order, ann_actor: Actor, bo: Shop, other_actor: Actor, slots: SlotKind) -> None:
    line = open_for(order, NEXT)
    variant = Product.objects.get(pk=line.product_id).variants.get()
    book(other_actor, bo, NEXT, variant=variant)
    before, told = picture(order), len(slots.told)
    for hour in (NEXT, NEXT + timedelta(hours=1)):
        with pytest.raises(Refusal, match="not_free") as no:
            reschedule_booking(order.pk, choice=choice_of(hour), actor=ann_actor, now=NOW)
        assert no.value.field == "choice"
    assert picture(order) == before
    assert (booking_of(order).starts_at, free_at(line.variant_id, STARTS)) == (STARTS, 0)
    assert len(slots.told) == told


def test_another_price(order: Order, ann_actor: Actor) -> None:
    line = open_for(order, EVENING)
    before = picture(order)
    with pytest.raises(Refusal, match="price_differs") as no:
        reschedule_booking(order.pk, choice=choice_of(EVENING), actor=ann_actor, now=NOW)
    assert (no.value.facts["new"], no.value.facts["old"]) == (Money(11_000, "CNY"), Money(10_000, "CNY"))
    assert picture(order) == before
    assert free_at(line.variant_id, EVENING) == 1


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (choice_of(STARTS), "same_time"),
        (choice_of(NOW - timedelta(days=1)), "slot_past"),
        ('{"day": "soon"}', "bad_value"),
        ("{", "bad_value"),
    ],
)
def test_choices_that_are_none(choice: str, code: str, order: Order, ann_actor: Actor) -> None:
    before = picture(order)
    with pytest.raises(Refusal, match=code) as no:
        reschedule_booking(order.pk, choice=choice, actor=ann_actor, now=NOW)
    assert (no.value.field or "").startswith("choice")
    assert picture(order) == before


def test_no_way_around_the_fee(order: Order, ann_actor: Actor) -> None:
    open_for(order, NEXT)
    before = picture(order)
    for now in (STARTS - timedelta(hours=23), STARTS, STARTS + timedelta(days=3)):
        with pytest.raises(Refusal, match="too_late_to_move"):
            reschedule_booking(order.pk, choice=choice_of(NEXT), actor=ann_actor, now=now)
    assert picture(order) == before


def test_what_has_begun(order: Order, bo: Shop, ann_actor: Actor) -> None:
    open_for(order, NEXT)
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    advance_booking(order.pk, "depart", actor=bo.actor, now=STARTS - timedelta(hours=24))
    before = picture(order)
    with pytest.raises(Refusal, match="wrong_state"):
        reschedule_booking(order.pk, choice=choice_of(NEXT), actor=ann_actor, now=STARTS - timedelta(hours=24))
    assert picture(order) == before


def test_kinds_that_do_not_move(order: Order, ann_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    open_for(order, NEXT)
    monkeypatch.setattr(SlotKind, "course", replace(COURSE, move=False))
    before = picture(order)
    with pytest.raises(Refusal, match="not_movable"):
        reschedule_booking(order.pk, choice=choice_of(NEXT), actor=ann_actor, now=NOW)
    assert picture(order) == before


def test_what_is_no_longer_offered(order: Order, ann_actor: Actor) -> None:
    line = open_for(order, NEXT)
    Product.objects.filter(pk=line.product_id).update(state="off")
    before = picture(order)
    with pytest.raises(Refusal, match="unavailable"):
        reschedule_booking(order.pk, choice=choice_of(NEXT), actor=ann_actor, now=NOW)
    assert picture(order) == before


def test_an_extra_that_is_no_longer_offered(ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    order = book(ann_actor, bo, variant=hour_of(bo))
    line = open_for(order, NEXT)
    Line.objects.filter(pk=line.pk).update(add_ons=[{"name": "玻璃", "price": 0}])
    with pytest.raises(Refusal, match="unavailable"):
        reschedule_booking(order.pk, choice=choice_of(NEXT), actor=ann_actor, now=NOW)
    AddOn.objects.create(product_id=line.product_id, name="玻璃", price=0, position=0)
    reschedule_booking(order.pk, choice=choice_of(NEXT), actor=ann_actor, now=NOW)
    assert booking_of(order).starts_at == NEXT


def test_others(order: Order, bo: Shop, other_actor: Actor) -> None:
    open_for(order, NEXT)
    before = picture(order)
    for actor in (bo.actor, other_actor):
        with pytest.raises(Refusal, match="not_found"):
            reschedule_booking(order.pk, choice=choice_of(NEXT), actor=actor, now=NOW)
    assert picture(order) == before


def test_goods_do_not_move(slots: SlotKind, ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    with pytest.raises(Refusal, match="not_found"):
        reschedule_booking(order.pk, choice="{}", actor=ann_actor, now=NOW)
