"""Who is told what of a booking."""

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import resolve
from django.utils import translation

from tests.cast import NOW, Shop
from tests.slots import OPEN_DOOR, STARTS, SlotKind, book, choice_of, hour_of, open_hours
from wanku.access.actor import Actor
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.bookings_due import bookings_due
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.mark_no_show import mark_no_show
from wanku.flows.booking.reject_booking import reject_booking
from wanku.flows.booking.remind_bookings import remind_bookings
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.fulfilling.late_due import late_due
from wanku.flows.fulfilling.receive_due import receive_due
from wanku.flows.fulfilling.urge_merchant import urge_merchant
from wanku.flows.paying.refund_order import refund_order
from wanku.flows.talking.tell_moves import tell_moves
from wanku.notices.models import Notice
from wanku.orders.models import Order
from wanku.payments.refund_plan import Wanted
from wanku.ui.letters import letter, shown

END = STARTS + timedelta(hours=1)


def told() -> Counter[tuple[str, str]]:
    """Kind and reader of what is new on the site; every link must lead somewhere."""
    tell_moves(now=NOW, limit=500)
    rows = list(Notice.objects.filter(channel="in_app").values_list("kind", "reader", "link"))
    for *_, link in rows:
        resolve(link)
    Notice.objects.all().delete()
    return Counter((kind, reader.split(":")[0]) for kind, reader, _ in rows)


@pytest.fixture
def order(slots: SlotKind, ann_actor: Actor, bo: Shop) -> Order:
    """Ann's hour, of which the first things were told."""
    found = book(ann_actor, bo)
    assert told() == {("trade_booked", "person"): 1, ("booking_to_accept", "merchant"): 1}
    return found


def test_from_acceptance_to_the_end(order: Order, bo: Shop) -> None:
    remind_bookings(now=NOW + timedelta(hours=24))
    assert told() == {("booking_waits", "merchant"): 1}
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    assert told() == {("booking_accepted", "person"): 1}
    remind_bookings(now=STARTS - timedelta(hours=24))
    assert told() == {("booking_tomorrow", "person"): 1}
    advance_booking(order.pk, "depart", actor=bo.actor, now=STARTS)
    assert told() == {("booking_under_way", "person"): 1}
    advance_booking(order.pk, "finish", actor=bo.actor, now=END)
    assert told() == {("booking_done", "person"): 1}
    receive_due(now=END + timedelta(days=2))
    assert told() == {("order_completed", "merchant"): 1, ("order_received", "person"): 1}


def test_what_needs_no_acceptance(slots: SlotKind, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlotKind, "course", OPEN_DOOR)
    book(ann_actor, bo)
    assert told() == {
        ("trade_booked", "person"): 1,
        ("booking_new", "merchant"): 1,
        ("booking_confirmed", "person"): 1,
    }


def test_declined(order: Order, bo: Shop) -> None:
    reject_booking(order.pk, because="师傅生病了", actor=bo.actor, now=NOW)
    tell_moves(now=NOW, limit=500)
    notice = Notice.objects.get(kind="booking_rejected", channel="email")
    with translation.override("en"):
        assert shown(notice).title == "Bo 茶行 cannot take your order: 一小时 · Sat 14 Nov, 10:00–11:00"
        assert "师傅生病了" in letter(notice).text
    assert told() == {("booking_rejected", "person"): 1}


def test_not_answered(order: Order) -> None:
    bookings_due(now=NOW + timedelta(hours=48))
    assert told() == {("booking_lapsed", "person"): 1, ("booking_let_lapse", "merchant"): 1}


def test_not_kept(order: Order, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    told()
    bookings_due(now=END + timedelta(days=1))
    assert told() == {("booking_missed", "person"): 1, ("booking_not_kept", "merchant"): 1}


def test_nobody_came(order: Order, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    told()
    mark_no_show(order.pk, actor=bo.actor, now=END)
    assert told() == {("booking_no_show", "person"): 1}


def test_cancelled_by_the_buyer(order: Order, ann_actor: Actor) -> None:
    cancel_booking(order.pk, actor=ann_actor, now=STARTS - timedelta(hours=10), agreed_fee=5_000)
    tell_moves(now=NOW, limit=500)
    assert Notice.objects.filter(kind="booking_cancelled")[0].facts["fee"] == {"money": [5_000, "CNY"]}
    assert told() == {("booking_cancelled", "person"): 1, ("booking_cancelled_by_buyer", "merchant"): 1}


def test_called_off_by_others(order: Order, bo: Shop, di_actor: Actor, ann_actor: Actor) -> None:
    cancel_booking(order.pk, actor=bo.actor, now=NOW, note="停电了")
    assert told() == {("booking_called_off", "person"): 1}
    other = book(ann_actor, bo)
    told()
    cancel_booking(other.pk, actor=di_actor, now=NOW, note="店铺停业")
    assert told() == {("booking_called_off", "person"): 1, ("booking_cancelled_by_platform", "merchant"): 1}


def test_a_refund_is_told_once(order: Order, bo: Shop) -> None:
    refund_order(order.pk, Wanted(everything=True), because="关门一天", actor=bo.actor, now=NOW)
    assert told() == {("refund_made", "person"): 1}


def test_moved(slots: SlotKind, ann_actor: Actor, bo: Shop) -> None:
    variant, later = hour_of(bo), STARTS + timedelta(days=1)
    order = book(ann_actor, bo, variant=variant)
    open_hours(variant, later)
    told()
    reschedule_booking(order.pk, choice=choice_of(later), actor=ann_actor, now=NOW)
    assert told() == {("booking_moved", "person"): 1, ("booking_moved_by_buyer", "merchant"): 1}


def test_late_and_urged(order: Order, bo: Shop, ann_actor: Actor) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    told()
    promised = END + timedelta(hours=24)
    late_due(now=promised)
    assert told() == {("booking_overdue", "merchant"): 1, ("booking_late", "person"): 1}
    urge_merchant(order.pk, actor=ann_actor, now=promised)
    assert told() == {("booking_urged", "merchant"): 1}
