"""The carrier for trying out: parcels move by themselves, faster than in life."""

from datetime import timedelta
from typing import Any

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.models import Parcel, TrackingEvent
from wanku.sandbox.carrier import move_parcels

HOUR = timedelta(hours=1)


@pytest.fixture
def parcel(ann_actor: Actor, bo: Shop, settings: Any) -> Parcel:
    """On its way at the speed of life."""
    settings.SANDBOX_SPEED = 1
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    return ship_order(order.pk, pieces=None, carrier="sandbox", tracking="SB0123456789", actor=bo.actor, now=NOW)


def codes() -> list[str]:
    """Steps so far, oldest first."""
    return list(TrackingEvent.objects.order_by("at").values_list("code", flat=True))


def test_step_by_step(parcel: Parcel) -> None:
    steps = ["picked_up", "in_transit", "out_for_delivery", "delivered"]
    assert move_parcels(now=NOW + 1.9 * HOUR) == 0
    for index, hour in enumerate((2, 10, 30, 34), 1):
        assert move_parcels(now=NOW + hour * HOUR) == 1
        assert move_parcels(now=NOW + hour * HOUR) == 0
        assert codes() == steps[:index]
    parcel.refresh_from_db()
    assert (parcel.state, parcel.delivered_at) == ("delivered", NOW + 34 * HOUR)


def test_missed_steps_come_with_their_own_times(parcel: Parcel, settings: Any) -> None:
    settings.SANDBOX_SPEED = 600
    assert move_parcels(now=NOW + HOUR) == 1
    assert codes() == ["picked_up", "in_transit", "out_for_delivery", "delivered"]
    assert TrackingEvent.objects.get(code="picked_up").at == NOW + timedelta(seconds=12)
    assert move_parcels(now=NOW + HOUR) == 0


def test_what_was_received_moves_no_more(parcel: Parcel, ann_actor: Actor) -> None:
    confirm_receipt(parcel.order_id, actor=ann_actor, now=NOW + HOUR)
    assert move_parcels(now=NOW + 99 * HOUR) == 0


def test_other_carriers_are_left_alone(ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    ship_order(order.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW)
    assert move_parcels(now=NOW + 99 * HOUR) == 0


def test_one_query_when_nothing_is_due(parcel: Parcel, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        move_parcels(now=NOW)
