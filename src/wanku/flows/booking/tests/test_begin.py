"""What is booked begins with its payment."""

from datetime import timedelta
from typing import Any

import pytest

from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from tests.slots import AT_ONCE, OPEN_DOOR, SlotKind
from tests.statements import statements
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.booking._begin import begin_bookings
from wanku.fulfilment.codes import clean_code
from wanku.fulfilment.models import Booking
from wanku.orders.models import Line, Order

STARTS = NOW + timedelta(days=3)


def just_paid(actor: Actor, shop: Shop, **fields: Any) -> Order:
    """An order for an hour, right after its money was booked."""
    trade = placed(actor, (product_of(shop.merchant), 2))
    order = Order.objects.get(trade=trade)
    for name, value in {
        "kind": "slot",
        "state": "paid",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=1),
        "due_at": STARTS + timedelta(hours=25),
        "ship_by": STARTS + timedelta(hours=25),
        **fields,
    }.items():
        setattr(order, name, value)
    order.save()
    Line.objects.filter(order=order).update(kind="slot", choice={"day": "2026-11-14", "hour": 2})
    return order


def events(order: Order) -> list[str]:
    """What happened to the order since it was paid."""
    return list(Move.objects.filter(subject_id=str(order.pk)).order_by("id").values_list("event", flat=True))[1:]


def test_it_waits_to_be_accepted(slots: SlotKind, ann_actor: Actor, bo: Shop) -> None:
    order = just_paid(ann_actor, bo)
    begin_bookings([order], now=NOW)
    booking = Booking.objects.get(order=order)
    assert (booking.state, booking.kind, booking.merchant_id) == ("to_accept", "slot", bo.merchant.pk)
    assert booking.due_at == NOW + timedelta(hours=48), "the clock that the kind names"
    assert (booking.starts_at, booking.ends_at) == (order.starts_at, order.ends_at)
    assert (booking.begun_at, booking.accepted_at, booking.done_at) == (NOW, None, None)
    assert booking.zone == "Asia/Shanghai"
    assert clean_code(booking.code) == booking.code
    order.refresh_from_db()
    assert (order.state, order.due_at) == ("paid", STARTS + timedelta(hours=25)), "and the promise's clock runs on"
    assert events(order) == []
    begun = Move.objects.get(subject_type="booking")
    assert (begun.event, begun.to_state, begun.trade_id) == ("begin", "to_accept", order.trade_id)
    assert begun.facts == {"order": str(order.pk)}


def test_nobody_accepts(slots: SlotKind, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlotKind, "course", OPEN_DOOR)
    order = just_paid(ann_actor, bo)
    begin_bookings([order], now=NOW)
    booking = Booking.objects.get(order=order)
    assert (booking.state, booking.accepted_at, booking.started_at) == ("accepted", NOW, None)
    assert booking.due_at == STARTS + timedelta(hours=24), "counted from the start"
    order.refresh_from_db()
    assert (order.state, order.due_at) == ("fulfilling", STARTS + timedelta(hours=25))
    assert events(order) == ["start"]
    assert Line.objects.get(order=order).shipped == 0


def test_done_with_the_payment(slots: SlotKind, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlotKind, "course", AT_ONCE)
    order = just_paid(ann_actor, bo, starts_at=None, ends_at=None)
    begin_bookings([order], now=NOW)
    booking = Booking.objects.get(order=order)
    assert (booking.state, booking.due_at, booking.done_at) == ("done", None, NOW)
    order.refresh_from_db()
    assert (order.state, order.fulfilled_at) == ("fulfilled", NOW)
    assert order.due_at == NOW + timedelta(days=2), "the short clock of what is handed over"
    assert events(order) == ["fulfil"]
    assert Line.objects.get(order=order).shipped == 2, "it left, so that a refund puts nothing on sale again"


def test_an_answer_comes_before_the_start(slots: SlotKind, ann_actor: Actor, bo: Shop) -> None:
    soon = NOW + timedelta(hours=3)
    order = just_paid(ann_actor, bo, starts_at=soon, ends_at=soon + timedelta(hours=1))
    begin_bookings([order], now=NOW)
    assert Booking.objects.get(order=order).due_at == soon


def test_the_order_keeps_its_clocks_and_its_zone(slots: SlotKind, ann_actor: Actor, bo: Shop) -> None:
    order = just_paid(ann_actor, bo, terms={"clocks": {"answer_question": 600}, "zone": "America/New_York"})
    begin_bookings([order], now=NOW)
    booking = Booking.objects.get(order=order)
    assert (booking.due_at, booking.zone) == (NOW + timedelta(minutes=10), "America/New_York")


def test_many_at_once(slots: SlotKind, ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    orders = [just_paid(ann_actor, bo)]
    with statements() as for_one:
        begin_bookings(orders, now=NOW)
    more = [just_paid(ann_actor, shop) for shop in (bo, cy) for _ in range(4)]
    with statements() as for_many:
        begin_bookings(more, now=NOW)
    assert len(for_many) == len(for_one)
    assert Booking.objects.count() == 9
    assert len(set(Booking.objects.values_list("code", flat=True))) == 9


def test_nothing_to_begin(db: None) -> None:
    begin_bookings([], now=NOW)
    assert not Booking.objects.exists()
