"""Seats on another departure: all lines of the order, what is frozen and what goes along with the time."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from tests.seats import seated, wish
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.catalog.models import Product
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.booking.tests.state import booking_of
from wanku.flows.offering.cancel_departure import cancel_departure
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.models import Departure, Passage, SeatTerms
from wanku.kinds.seat.states import CONFIRMED, OPEN
from wanku.kinds.seat.tests.world import STARTS, TABLE, TOKYO, departure_of, seat_product, seats_left
from wanku.orders.models import Line, Order

LATER = STARTS + timedelta(days=7)


def to(row: Departure) -> str:
    """The choice of a departure."""
    return json.dumps({"departure": row.pk})


def seen(order: Order) -> list[object]:
    """All that moving may change."""
    booking = booking_of(order)
    return [
        (booking.starts_at, booking.due_at, booking.rescheduled),
        list(Line.objects.filter(order=order).order_by("pk").values_list("choice", "demand", "parts")),
        list(Passage.objects.filter(order_id=order.pk).order_by("pk").values_list("departure_id", "standing")),
        Order.objects.values_list("starts_at", "ship_by", "terms").get(pk=order.pk),
        Move.objects.filter(trade_id=order.trade_id).count(),
    ]


@pytest.fixture
def product(bo: Shop) -> Product:
    """Two cabins."""
    return seat_product(bo)


def test_all_lines_go_together(product: Product, ann_actor: Actor) -> None:
    old, new = departure_of(product, seats=5), departure_of(product, seats=2, starts_at=LATER)
    order = seated(ann_actor, wish(old, 2), wish(old, 1, index=1))
    assert Line.objects.filter(order=order).count() == 2
    reschedule_booking(order.pk, choice=to(new), actor=ann_actor, now=NOW)
    booking = booking_of(order)
    assert (booking.starts_at, booking.ends_at, booking.rescheduled) == (LATER, new.ends_at, 1)
    assert (seats_left(old), seats_left(old, 1)) == (5, 5)
    assert (seats_left(new), seats_left(new, 1)) == (0, 1)
    assert set(Passage.objects.filter(order_id=order.pk).values_list("departure_id", "standing")) == {(new.pk, "paid")}
    assert {line.choice["departure"] for line in Line.objects.filter(order=order)} == {new.pk}
    order.refresh_from_db()
    assert (order.starts_at, order.ends_at) == (LATER, new.ends_at)


def test_one_cabin_is_full_and_none_moves(product: Product, ann_actor: Actor, other_actor: Actor) -> None:
    old, new = departure_of(product), departure_of(product, seats=1, starts_at=LATER)
    seated(other_actor, wish(new, 1, index=1))
    order = seated(ann_actor, wish(old, 1), wish(old, 1, index=1))
    before = seen(order)
    with pytest.raises(Refusal, match="not_free"):
        reschedule_booking(order.pk, choice=to(new), actor=ann_actor, now=NOW)
    assert seen(order) == before
    assert (seats_left(old), seats_left(old, 1), seats_left(new), seats_left(new, 1)) == (9, 9, 1, 0)


@pytest.mark.parametrize("fare", [70_000, 60_000])
def test_one_cabin_costs_something_else(fare: int, product: Product, ann_actor: Actor) -> None:
    old, new = departure_of(product), departure_of(product, starts_at=LATER, fares=(None, fare))
    order = seated(ann_actor, wish(old, 1), wish(old, 1, index=1))
    before = seen(order)
    with pytest.raises(Refusal, match="price_differs") as no:
        reschedule_booking(order.pk, choice=to(new), actor=ann_actor, now=NOW)
    assert no.value.facts["new"].amount == fare
    assert seen(order) == before
    assert (seats_left(old), seats_left(new), seats_left(new, 1)) == (9, 10, 10)


def test_what_says_something_of_the_time_goes_along(product: Product, ann_actor: Actor) -> None:
    """Zone and minimum group are those of the new departure; what cancelling costs stays as it was sold."""
    old, new = departure_of(product), departure_of(product, starts_at=LATER, minimum=4, zone_from=TOKYO)
    order = seated(ann_actor, wish(old))
    SeatTerms.objects.update(cancellation=[])
    reschedule_booking(order.pk, choice=to(new), actor=ann_actor, now=NOW)
    order.refresh_from_db()
    assert order.terms["cancellation"] == TABLE
    assert new.decide_at is not None
    assert (order.terms["zone"], order.terms["minimum"]) == (TOKYO, 4)
    assert order.terms["decide_at"] == new.decide_at.isoformat()
    assert booking_of(order).zone == TOKYO
    reschedule_booking(order.pk, choice=to(old), actor=ann_actor, now=NOW)
    order.refresh_from_db()
    assert "minimum" not in order.terms


def test_a_group_is_complete_with_those_who_join_it(product: Product, ann_actor: Actor, other_actor: Actor) -> None:
    old, new = departure_of(product), departure_of(product, starts_at=LATER, minimum=3)
    seated(other_actor, wish(new, 2))
    order = seated(ann_actor, wish(old))
    assert Departure.objects.get(pk=new.pk).state == OPEN
    reschedule_booking(order.pk, choice=to(new), actor=ann_actor, now=NOW)
    assert Departure.objects.get(pk=new.pk).state == CONFIRMED


def test_seats_of_a_departure_that_does_not_go_are_not_on_sale_again(
    product: Product, ann_actor: Actor, bo: Shop
) -> None:
    old, new = departure_of(product), departure_of(product, starts_at=LATER)
    order = seated(ann_actor, wish(old))
    cancel_departure(old.pk, because="storm", actor=bo.actor, now=NOW)
    reschedule_booking(order.pk, choice=to(new), actor=ann_actor, now=NOW)
    assert (seats_left(old), seats_left(new)) == (0, 9)


def test_nobody_moves_to_what_does_not_go_or_is_over(product: Product, ann_actor: Actor, bo: Shop) -> None:
    old, gone = departure_of(product), departure_of(product, starts_at=LATER)
    over = departure_of(product, starts_at=LATER + timedelta(days=1), sale_until=NOW - timedelta(hours=1))
    order = seated(ann_actor, wish(old))
    cancel_departure(gone.pk, because="storm", actor=bo.actor, now=NOW)
    before = seen(order)
    for row, code in ((gone, "departure_cancelled"), (over, "sale_over"), (old, "same_time")):
        with pytest.raises(Refusal, match=code):
            reschedule_booking(order.pk, choice=to(row), actor=ann_actor, now=NOW)
    assert seen(order) == before


def test_documents_that_are_asked_for_by_now(bo: Shop, ann_actor: Actor) -> None:
    """Whoever gave only a name cannot go where a document is asked for."""
    product = seat_product(bo, real_name=False)
    old = departure_of(product)
    names = json.dumps({"travellers": [{"name": "王小明"}]})
    order = seated(ann_actor, replace(wish(old), details=names))
    SeatTerms.objects.update(real_name=True)
    new = departure_of(product, starts_at=LATER)
    before = seen(order)
    with pytest.raises(Refusal, match="details_differ"):
        reschedule_booking(order.pk, choice=to(new), actor=ann_actor, now=NOW)
    assert seen(order) == before
    assert seats_left(new) == 10


def test_too_late_for_free(product: Product, ann_actor: Actor) -> None:
    old, new = departure_of(product), departure_of(product, starts_at=LATER)
    order = seated(ann_actor, wish(old))
    before = seen(order)
    with pytest.raises(Refusal, match="too_late_to_move"):
        reschedule_booking(order.pk, choice=to(new), actor=ann_actor, now=STARTS - timedelta(hours=100))
    assert seen(order) == before
