"""Two at the same moment: one wins, the other is told. With the locks off the race must appear."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.edit_delivery import edit_delivery
from wanku.flows.fulfilling.extend_receipt import extend_receipt
from wanku.flows.fulfilling.late_due import late_due
from wanku.flows.fulfilling.receive_due import receive_due
from wanku.flows.fulfilling.record_tracking import record_tracking
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.add_events import Reported
from wanku.fulfilment.models import Parcel, TrackingEvent
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order
from wanku.settlement.models import Window

pytestmark = pytest.mark.django_db(transaction=True)
SHIPPED = NOW + timedelta(hours=1)
AFTER = NOW + timedelta(days=30)
both = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])


def shipped(actor: Actor, shop: Shop, tracking: str = "SF1234567890123") -> Order:
    """An order on its way."""
    order = paid(actor, (product_of(shop.merchant), 2))[0]
    ship_order(order.pk, pieces=None, carrier="sf", tracking=tracking, actor=shop.actor, now=SHIPPED)
    order.refresh_from_db()
    return order


def count(order: Order, *events: str) -> int:
    """How often one of the events happened to an order."""
    return Move.objects.filter(subject_type="order", subject_id=str(order.pk), event__in=events).count()


def refused(results: Sequence[Any]) -> list[str]:
    """Codes of the refusals; any other error fails the test."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, Refusal):
            raise result
    return [result.code.name for result in results if isinstance(result, Refusal)]


@both
def test_two_confirm(locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = shipped(ann_actor, bo)
    Meeting().before(monkeypatch, "wanku.flows.fulfilling.confirm_receipt.complete")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(*[lambda: confirm_receipt(order.pk, actor=ann_actor, now=AFTER)] * 2)
    if not locked:
        assert count(order, "confirm") == 2
        return
    assert refused(results) == ["not_receivable"]
    assert count(order, "confirm") == 1
    assert Window.objects.count() == 1


@both
def test_the_buyer_and_the_clock(locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = shipped(ann_actor, bo)
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.fulfilling.confirm_receipt.complete")
    meeting.before(monkeypatch, "wanku.flows.fulfilling.receive_due.complete")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(
        lambda: confirm_receipt(order.pk, actor=ann_actor, now=AFTER), lambda: receive_due(now=AFTER, limit=10)
    )
    happened = count(order, "confirm", "receive")
    if not locked:
        assert happened == 2
        return
    assert refused(results) in ([], ["not_receivable"])
    assert happened == 1
    assert Window.objects.count() == 1


@both
def test_two_ship_the_last_piece(locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    Meeting().before(monkeypatch, "wanku.flows.fulfilling.ship_order.choose")
    if not locked:
        locks_off(monkeypatch)
    numbers = ["SF1234567890123", "SF1234567890124"]
    results = at_once(
        *[
            lambda n=number: ship_order(order.pk, pieces=None, carrier="sf", tracking=n, actor=bo.actor, now=SHIPPED)
            for number in numbers
        ]
    )
    parcels = Parcel.objects.filter(order=order).count()
    if not locked:
        assert parcels == 2, "one piece left twice"
        return
    assert refused(results) == ["not_to_ship"]
    assert parcels == 1


def test_one_number_for_two_orders(ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """No lock is shared here: the unique index decides, and the loser gets a refusal, not an error."""
    orders = [paid(ann_actor, (product_of(bo.merchant), 1))[0] for _ in range(2)]
    Meeting().before(monkeypatch, "wanku.flows.fulfilling.ship_order.add_parcel")
    results = at_once(
        *[
            lambda o=order: ship_order(
                o.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=SHIPPED
            )
            for order in orders
        ]
    )
    assert refused(results) == ["tracking_used"]
    assert sorted(Order.objects.values_list("state", flat=True)) == ["fulfilled", "paid"]


@both
def test_two_sweepers_receive(
    locked: bool, ann_actor: Actor, bo: Shop, cy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [shipped(ann_actor, bo, f"SF123456789012{n}") for n in range(4)]
    orders.append(shipped(ann_actor, cy, "SF1234567890129"))
    Meeting().before(monkeypatch, "wanku.flows.fulfilling.receive_due.complete")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(*[lambda: receive_due(now=AFTER, limit=3)] * 2)
    assert refused(results) == []
    received = [count(order, "receive") for order in orders]
    if not locked:
        assert max(received) == 2
        return
    while receive_due(now=AFTER, limit=3):
        pass
    assert [count(order, "receive") for order in orders] == [1] * 5
    assert Window.objects.count() == 5


@both
def test_two_sweepers_remind(locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    Meeting().before(monkeypatch, "wanku.flows.fulfilling.late_due.move_rows")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(*[lambda: late_due(now=AFTER, limit=3)] * 2)
    assert refused(results) == []
    assert count(order, "late") == (1 if locked else 2)


@both
def test_two_extend(locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = shipped(ann_actor, bo)
    Meeting().before(monkeypatch, "wanku.flows.fulfilling.extend_receipt.move")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(*[lambda: extend_receipt(order.pk, actor=ann_actor, now=SHIPPED)] * 2)
    if not locked:
        assert count(order, "extend") == 2
        return
    assert refused(results) == ["already_extended"]
    due_at = Order.objects.get(pk=order.pk).due_at
    assert order.due_at is not None
    assert due_at == order.due_at + timedelta(days=3)


@both
def test_an_address_changes_while_the_parcel_leaves(
    locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either the merchant ships to the new address, or the buyer is told that it is too late."""
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.fulfilling.edit_delivery.write_note")
    meeting.before(monkeypatch, "wanku.flows.fulfilling.ship_order.choose")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(
        lambda: edit_delivery(order.pk, note="送到公司", actor=ann_actor, now=SHIPPED),
        lambda: ship_order(
            order.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=SHIPPED
        ),
    )
    assert meeting.met is not locked, "with locks one of them waits outside"
    assert refused(results) in ([], ["delivery_fixed"])
    if locked:
        moves = Move.objects.filter(subject_id=str(order.pk), event__in=["edit_delivery", "fulfil"]).order_by("id")
        assert list(moves.values_list("event", flat=True)) in (["edit_delivery", "fulfil"], ["fulfil"])


@both
def test_a_report_that_comes_eight_times_at_once(
    locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = shipped(ann_actor, bo)
    report = [Reported("1", "delivered", SHIPPED)]
    Meeting(8).before(monkeypatch, "wanku.flows.fulfilling.record_tracking.add_events")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(*[lambda: record_tracking("sf", "SF1234567890123", report, now=AFTER)] * 8)
    errors = [result for result in results if isinstance(result, Exception)]
    delivered = Move.objects.filter(subject_type="parcel", event="deliver").count()
    assert (TrackingEvent.objects.count(), delivered) == (1, 1)
    assert Order.objects.get(pk=order.pk).state == "fulfilled"
    if locked:
        assert errors == []
        assert sorted(result for result in results if isinstance(result, int)) == [0] * 7 + [1]
    else:
        # The unique index is the last wall: without the lock the repeats run into it instead of being answered.
        assert {type(error).__name__ for error in errors} == {"IntegrityError"}
