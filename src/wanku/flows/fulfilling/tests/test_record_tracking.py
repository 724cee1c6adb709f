"""What carriers report: once each, in any order."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.record_tracking import record_tracking
from wanku.fulfilment.add_events import Reported
from wanku.fulfilment.models import Parcel, TrackingEvent
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order

NUMBER = "SF1234567890123"
LATER = NOW + timedelta(days=2)


def event(code: str, hours: int = 2, **fields: Any) -> Reported:
    """A step some hours after the beginning."""
    values: dict[str, Any] = {"event_id": f"{code}-{hours}", "code": code, "at": NOW + timedelta(hours=hours)}
    return Reported(**{**values, **fields})


def report(*events: Reported, number: str = NUMBER, now: datetime = LATER) -> int:
    """Report steps of the parcel."""
    return record_tracking("sf", number, events, now=now)


def facts() -> Any:
    """Everything that a report could change."""
    return list(Parcel.objects.values()), list(TrackingEvent.objects.values()), Move.objects.count()


def test_delivered(shipped_order: Order) -> None:
    due_at = shipped_order.due_at
    assert report(event("picked_up", 2), event("in_transit", 9, place="杭州"), number=" sf1234567890123") == 2
    assert Parcel.objects.get().state == "shipped"
    step = Move.objects.latest("id")
    assert (step.event, step.from_state, step.to_state, step.facts["steps"]) == ("track", "shipped", "shipped", 2)
    assert report(event("delivered", 30)) == 1
    parcel = Parcel.objects.get()
    assert (parcel.state, parcel.delivered_at) == ("delivered", NOW + timedelta(hours=30))
    move = Move.objects.latest("id")
    assert (move.subject_type, move.event, move.actor) == ("parcel", "deliver", "system")
    assert move.trade_id == shipped_order.trade_id
    shipped_order.refresh_from_db()
    assert (shipped_order.state, shipped_order.due_at) == ("fulfilled", due_at)


def test_repeats_and_disorder(shipped_order: Order) -> None:
    assert report(event("delivered", 30), event("delivered", 30)) == 1
    for _ in range(3):
        report(event("in_transit", 9), event("delivered", 30), event("delivered", 31))
    assert Parcel.objects.get().state == "delivered"
    assert Parcel.objects.get().delivered_at == NOW + timedelta(hours=30)
    assert TrackingEvent.objects.count() == 3
    assert Move.objects.filter(event="deliver").count() == 1
    # The first report, and the one with two new steps; the repeats moved nothing.
    assert Move.objects.filter(subject_type="parcel").count() == 2
    assert [e.code for e in TrackingEvent.objects.all()] == ["delivered", "delivered", "in_transit"]


def test_after_receipt_nothing_goes_back(shipped_order: Order, ann_actor: Actor) -> None:
    confirm_receipt(shipped_order.pk, actor=ann_actor, now=NOW + timedelta(hours=20))
    assert report(event("delivered", 30)) == 1
    assert Parcel.objects.get().state == "received"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (event("lost"), "events.1.code"),
        (event("delivered", 24 * 30), "events.1.at"),
        (event("delivered", event_id=""), "events.1.id"),
        (event("delivered", event_id="\u202e"), "events.1.id"),
        (event("delivered", event_id="x" * 81), "events.1.event_id"),
        (event("delivered", text="字" * 201), "events.1.text"),
    ],
)
def test_a_wrong_step_keeps_nothing(shipped_order: Order, wrong: Reported, field: str) -> None:
    before = facts()
    with pytest.raises(Refusal) as refused:
        report(event("picked_up"), wrong)
    assert (refused.value.code.name, refused.value.field) == ("bad_value", field)
    assert facts() == before


def test_unknown_parcels_and_floods(shipped_order: Order) -> None:
    before = facts()
    with pytest.raises(Refusal) as refused:
        report(event("delivered"), number="SF9999999999999")
    assert refused.value.code.name == "unknown_parcel"
    with pytest.raises(Refusal) as refused:
        record_tracking("zto", NUMBER, [event("delivered")], now=LATER)
    assert refused.value.code.name == "unknown_parcel"
    with pytest.raises(Refusal) as refused:
        report(*[event("in_transit", event_id=str(n)) for n in range(201)])
    assert refused.value.field == "events"
    assert facts() == before
