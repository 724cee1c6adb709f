"""Bookings of departures that do not go are paid back in full, whatever the table of notice says."""

from datetime import timedelta

import pytest

from tests.bought import pay
from tests.cast import NOW, Shop
from tests.seats import reserved, seated, wish
from wanku.access.actor import Actor
from wanku.flows.booking.check_in import check_in
from wanku.flows.offering.cancel_departure import cancel_departure
from wanku.flows.offering.clear_departures import clear_departures
from wanku.flows.offering.decide_departures import decide_departures
from wanku.flows.offering.tests.departures import picture
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.talking.tell_moves import tell_moves
from wanku.fulfilment.models import Booking
from wanku.kinds.seat.models import Passage
from wanku.kinds.seat.tests.world import STARTS, departure_of, seat_product, seats_left
from wanku.notices.models import Notice
from wanku.orders.models import Order
from wanku.payments.models import Refund

pytestmark = pytest.mark.django_db
TIME = STARTS - timedelta(hours=72)


def test_a_missed_group_gets_everything_back(bo: Shop, ann_actor: Actor, guest_actor: Actor) -> None:
    row = departure_of(seat_product(bo), minimum=8)
    other = seated(ann_actor, wish(departure_of(row.product, starts_at=STARTS + timedelta(days=1))))
    orders = [seated(ann_actor, wish(row, 2), wish(row, 1, index=1)), seated(guest_actor, wish(row, 1))]
    assert clear_departures(now=TIME) == 0
    decide_departures(now=TIME)
    assert clear_departures(now=TIME) == 2
    for order in orders:
        order.refresh_from_db()
        booking, refund = Booking.objects.get(order=order), Refund.objects.get(order=order)
        assert (order.state, booking.state, booking.due_at) == ("closed", "cancelled", None)
        assert refund.amount == order.amount
    assert set(Passage.objects.filter(departure=row).values_list("standing", flat=True)) == {"freed"}
    # Nobody else's journey is touched, and the seats that came back are not sold again.
    assert Booking.objects.get(order=other).state == "accepted"
    assert (seats_left(row), seats_left(row, 1)) == (0, 0)
    before = picture()
    assert clear_departures(now=TIME) == 0 and picture() == before
    assert all(check.holds for check in prove_books())


def test_whoever_pays_after_it_was_called_off_gets_it_back(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo))
    trade = reserved(ann_actor, wish(row, 2))
    cancel_departure(row.pk, because="storm", actor=bo.actor, now=NOW)
    assert clear_departures(now=NOW) == 0
    pay(trade, now=NOW)
    assert clear_departures(now=NOW) == 1
    order = Order.objects.get(trade=trade)
    assert (order.state, Refund.objects.get(order=order).amount) == ("closed", order.amount)
    assert Refund.objects.get().note == "storm" and seats_left(row) == 0


def test_those_who_were_checked_in_already_too(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo))
    order = seated(ann_actor, wish(row))
    at = STARTS - timedelta(hours=2)
    check_in(Booking.objects.get(order=order).code, actor=bo.actor, now=at)
    cancel_departure(row.pk, because="storm", actor=bo.actor, now=at)
    assert clear_departures(now=at) == 1
    assert Refund.objects.get(order=order).amount == order.amount


def test_what_is_over_stays_as_it_is(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo))
    order = seated(ann_actor, wish(row))
    cancel_departure(row.pk, because="storm", actor=bo.actor, now=NOW)
    Booking.objects.filter(order=order).update(state="done", due_at=None)
    before = picture()
    assert clear_departures(now=NOW) == 0 and picture() == before


def test_everybody_is_told_why(bo: Shop, ann_actor: Actor) -> None:
    small = departure_of(seat_product(bo), minimum=8)
    stormy = departure_of(small.product, starts_at=STARTS + timedelta(days=1))
    for row in (small, stormy):
        seated(ann_actor, wish(row))
    tell_moves(now=NOW, limit=500)
    Notice.objects.all().delete()
    cancel_departure(stormy.pk, because="storm", actor=bo.actor, now=TIME)
    decide_departures(now=TIME)
    assert clear_departures(now=TIME) == 2
    tell_moves(now=TIME, limit=500)
    found = Notice.objects.filter(channel="in_app", kind__startswith="booking").order_by("kind", "reader")
    assert [(row.kind, row.reader.split(":")[0]) for row in found] == [
        ("booking_called_off", "person"),
        ("booking_too_few", "person"),
        ("booking_too_few_shop", "merchant"),
    ]
    assert found[0].facts["note"] == "storm"
