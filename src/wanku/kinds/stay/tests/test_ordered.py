"""A stay from the order to its end: confirmed at once, checked in by code, called off by the frozen table, moved."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import NOW, Shop
from tests.stays import FIRST, nights_left, stay_checkout, stay_choice, stay_wish, stayed
from wanku.access.actor import Actor
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.bookings_due import bookings_due
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.check_in import check_in
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.place_order import place_order
from wanku.flows.proving.prove_books import prove_books
from wanku.fulfilment.models import Booking
from wanku.kernel.refusal import Refusal
from wanku.kinds.course import ACCEPTED, DONE, NO_SHOW, STARTED
from wanku.kinds.stay.models import Night, Rate, RoomType
from wanku.kinds.stay.tests.houses import house_of, room_of
from wanku.orders.models import Line, Order, Trade
from wanku.pricing.load import load_quote

pytestmark = pytest.mark.django_db
CHECK_IN = datetime(2026, 11, 20, 7, tzinfo=UTC)
CHECK_OUT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def room(bo: Shop) -> RoomType:
    return room_of(house_of(bo.merchant, zone="Asia/Shanghai"))


def booking_of(order: Order) -> Booking:
    return Booking.objects.get(order=order)


def proven() -> bool:
    return all(not check.wrong for check in prove_books())


def test_it_is_confirmed_the_moment_it_is_paid(room: RoomType, ann_actor: Actor) -> None:
    order = stayed(room, ann_actor, adults=3)
    line, booking = Line.objects.get(order=order), booking_of(order)
    assert (order.starts_at, order.ends_at) == (CHECK_IN, CHECK_OUT)
    assert (booking.state, booking.zone, len(booking.code)) == (ACCEPTED, "Asia/Shanghai", len(booking.code) or 1)
    assert [(part["code"], part["amount"]) for part in line.parts] == [
        ("night", 50_000),
        ("night", 50_000),
        ("extra_adults", 20_000),
    ]
    assert line.choice["check_in"] == "2026-11-20"
    assert order.terms["cancellation"] == [{"hours": 48, "bp": 0}, {"hours": 0, "bp": 5000}]
    assert nights_left(room) == [(1, 0, 1), (1, 0, 1), (2, 0, 0), (2, 0, 0)]
    assert proven()


def test_unpaid_it_frees_the_nights_after_half_an_hour(room: RoomType, ann_actor: Actor) -> None:
    place_order(stay_checkout(stay_wish(room, rooms=2), ann_actor, "1"), now=NOW)
    assert nights_left(room)[:2] == [(0, 2, 0), (0, 2, 0)]
    assert expire_trades(now=NOW + timedelta(minutes=29)) == 0
    assert expire_trades(now=NOW + timedelta(minutes=31)) == 1
    assert nights_left(room) == [(2, 0, 0)] * 4


def test_check_in_by_code_and_early_leave(room: RoomType, ann_actor: Actor, bo: Shop) -> None:
    order = stayed(room, ann_actor)
    booking = booking_of(order)
    check_in(booking.code, actor=bo.actor, now=CHECK_IN + timedelta(hours=1))
    assert booking_of(order).state == STARTED
    # Who leaves a day early is checked out; the house keeps the price unless it pays back by hand.
    advance_booking(order.pk, "finish", actor=bo.actor, now=CHECK_IN + timedelta(hours=20))
    assert booking_of(order).state == DONE
    assert Order.objects.get(pk=order.pk).state == "fulfilled"
    assert nights_left(room)[:2] == [(1, 0, 1), (1, 0, 1)]
    assert proven()


def test_silence_is_a_no_show_a_day_after_check_in_and_an_end_after_check_out(
    room: RoomType, ann_actor: Actor, guest_actor: Actor, bo: Shop
) -> None:
    gone, came = stayed(room, ann_actor), stayed(room, guest_actor)
    check_in(booking_of(came).code, actor=bo.actor, now=CHECK_IN + timedelta(hours=1))
    assert bookings_due(now=CHECK_IN + timedelta(hours=23)) == 0
    assert bookings_due(now=CHECK_IN + timedelta(hours=25)) == 1
    assert (booking_of(gone).state, booking_of(came).state) == (NO_SHOW, STARTED)
    assert bookings_due(now=CHECK_OUT + timedelta(hours=13)) == 1
    assert booking_of(came).state == DONE
    assert proven()


@pytest.mark.parametrize(("hours", "fee"), [(49, 0), (47, 50_000), (1, 50_000)])
def test_cancelling_costs_what_the_frozen_table_says(room: RoomType, ann_actor: Actor, hours: int, fee: int) -> None:
    order = stayed(room, ann_actor)
    Rate.objects.update(notice=[{"hours": 0, "bp": 10_000}])
    now = CHECK_IN - timedelta(hours=hours)
    if fee:
        with pytest.raises(Refusal) as caught:
            cancel_booking(order.pk, actor=ann_actor, now=now)
        assert caught.value.code.name == "cancellation_fee"
        assert nights_left(room)[:2] == [(1, 0, 1), (1, 0, 1)]
    cancel_booking(order.pk, actor=ann_actor, now=now, agreed_fee=fee)
    assert [refund.amount for refund in order.refunds.all()] == [100_000 - fee]
    assert nights_left(room) == [(2, 0, 0)] * 4
    assert proven()


def test_it_moves_where_nights_are_free_at_the_same_price(room: RoomType, ann_actor: Actor, guest_actor: Actor) -> None:
    order = stayed(room, ann_actor)
    reschedule_booking(order.pk, choice=stay_choice(date(2026, 11, 21)), actor=ann_actor, now=NOW)
    assert nights_left(room) == [(2, 0, 0), (1, 0, 1), (1, 0, 1), (2, 0, 0)]
    assert booking_of(order).starts_at == CHECK_IN + timedelta(days=1)
    stayed(room, guest_actor, date(2026, 11, 23), 1, rooms=2)
    for first, nights, code in ((date(2026, 11, 22), 2, "not_free"), (date(2026, 11, 25), 3, "price_differs")):
        with pytest.raises(Refusal) as caught:
            reschedule_booking(order.pk, choice=stay_choice(first, nights), actor=ann_actor, now=NOW)
        assert caught.value.code.name == code
    assert nights_left(room) == [(2, 0, 0), (1, 0, 1), (1, 0, 1), (0, 0, 2)]
    assert proven()


def test_a_full_or_closed_night_is_said_before_payment(room: RoomType, ann_actor: Actor) -> None:
    stayed(room, ann_actor, rooms=2)
    [refusal] = load_quote((stay_wish(room, date(2026, 11, 21)),), address=None, now=NOW).refusals
    assert refusal.code.name in ("not_free", "sold_out")
    Night.objects.create(room=room, merchant=room.merchant, date=date(2026, 11, 25), closed=True)
    [refusal] = load_quote((stay_wish(room, date(2026, 11, 24)),), address=None, now=NOW).refusals
    assert (refusal.code.name, refusal.field) == ("stay_closed", "lines.0.choice.check_in")


def test_a_price_that_changed_is_not_charged_unseen(room: RoomType, ann_actor: Actor) -> None:
    checkout = stay_checkout(stay_wish(room), ann_actor, "1")
    Night.objects.create(room=room, merchant=room.merchant, date=FIRST, price=99_900)
    with pytest.raises(Refusal):
        place_order(checkout, now=NOW)
    assert not Trade.objects.exists()
    assert nights_left(room) == [(2, 0, 0)] * 4


def test_over_new_year_in_another_zone(bo: Shop, ann_actor: Actor) -> None:
    house = house_of(bo.merchant, zone="America/New_York", first=date(2026, 12, 28), nights=10)
    room = room_of(house)
    order = stayed(room, ann_actor, date(2026, 12, 30), 3)
    assert order.starts_at == datetime(2026, 12, 30, 20, tzinfo=UTC)
    assert order.ends_at == datetime(2027, 1, 2, 17, tzinfo=UTC)
    assert booking_of(order).zone == "America/New_York"
    assert nights_left(room, date(2026, 12, 29), 5) == [(2, 0, 0), *[(1, 0, 1)] * 3, (2, 0, 0)]
    line = Line.objects.get(order=order)
    assert json.loads(json.dumps(line.choice))["zone"] == "America/New_York"
