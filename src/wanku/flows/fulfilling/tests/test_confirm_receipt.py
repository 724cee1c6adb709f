"""The buyer confirms; every refusal changes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.models import Parcel
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Balance, Entry
from wanku.orders.models import Line, Order
from wanku.settlement.models import Window

LATER = NOW + timedelta(days=3)


def facts(order: Order) -> Any:
    """Everything that confirming could change."""
    return (
        Order.objects.filter(pk=order.pk).values().get(),
        list(Parcel.objects.order_by("pk").values()),
        Entry.objects.count(),
        Move.objects.count(),
    )


def test_confirm(shipped_order: Order, ann_actor: Actor, bo: Shop) -> None:
    confirm_receipt(shipped_order.pk, actor=ann_actor, now=LATER)
    shipped_order.refresh_from_db()
    order = shipped_order
    assert (order.state, order.due_at, order.completed_at) == ("completed", None, LATER)
    parcel = Parcel.objects.get(order=order)
    assert (parcel.state, parcel.received_at) == ("received", LATER)
    balances = dict(Balance.objects.values_list("account", "amount"))
    assert balances == {f"merchant:{bo.merchant.pk}:held": order.amount}, "the after-sales window holds it"
    assert Window.objects.get(order=order).state == "open"


def test_a_guest_confirms(guest_actor: Actor, other_actor: Actor, bo: Shop) -> None:
    order = paid(guest_actor, (product_of(bo.merchant), 1))[0]
    ship_order(order.pk, pieces=None, carrier="zto", tracking="75123456789012", actor=bo.actor, now=NOW)
    granted = Actor(granted=frozenset({order.trade_id}))
    with pytest.raises(Refusal):
        confirm_receipt(order.pk, actor=other_actor, now=LATER)
    confirm_receipt(order.pk, actor=granted, now=LATER)
    order.refresh_from_db()
    assert order.state == "completed"


@pytest.mark.parametrize("who", ["other_actor", "guest_actor", "di_actor", "bo"])
def test_only_the_buyer(who: str, shipped_order: Order, request: pytest.FixtureRequest) -> None:
    stranger = request.getfixturevalue(who)
    before = facts(shipped_order)
    with pytest.raises(Refusal) as refused:
        confirm_receipt(shipped_order.pk, actor=stranger.actor if isinstance(stranger, Shop) else stranger, now=LATER)
    assert refused.value.code.name == "not_found"
    assert facts(shipped_order) == before


def test_not_before_everything_left_and_not_twice(paid_order: Order, ann_actor: Actor, bo: Shop) -> None:
    for step in ("nothing shipped", "a part"):
        before = facts(paid_order)
        with pytest.raises(Refusal) as refused:
            confirm_receipt(paid_order.pk, actor=ann_actor, now=LATER)
        assert refused.value.code.name == "not_receivable", step
        assert facts(paid_order) == before
        line = Line.objects.get(order=paid_order)
        number = "SF1234567890123" if step == "nothing shipped" else "SF1234567890124"
        ship_order(paid_order.pk, pieces={line.pk: 1}, carrier="sf", tracking=number, actor=bo.actor, now=NOW)
    confirm_receipt(paid_order.pk, actor=ann_actor, now=LATER)
    before = facts(paid_order)
    with pytest.raises(Refusal) as refused:
        confirm_receipt(paid_order.pk, actor=ann_actor, now=LATER)
    assert refused.value.code.name == "not_receivable"
    assert facts(paid_order) == before
