"""Silence of the buyer: receipt by the clock."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.statements import statements
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.fulfilling._complete import Completing
from wanku.flows.fulfilling._complete import complete as real
from wanku.flows.fulfilling._due import PUT_OFF
from wanku.flows.fulfilling.receive_due import receive_due
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.models import Parcel
from wanku.orders.models import Order
from wanku.settlement.models import Window

DUE = NOW + timedelta(days=10)


def shipped(actor: Actor, shop: Shop, number: int) -> Order:
    """An order that left at once."""
    order = paid(actor, (product_of(shop.merchant), 1))[0]
    ship_order(order.pk, pieces=None, carrier="sf", tracking=f"SF{number:013}", actor=shop.actor, now=NOW)
    return order


def test_not_before_its_time(ann_actor: Actor, bo: Shop) -> None:
    order = shipped(ann_actor, bo, 1)
    assert receive_due(now=DUE - timedelta(seconds=1), limit=10) == 0
    order.refresh_from_db()
    assert order.state == "fulfilled"
    assert receive_due(now=DUE, limit=10) == 1
    order.refresh_from_db()
    assert (order.state, order.due_at, order.completed_at) == ("completed", None, DUE)
    parcel = Parcel.objects.get(order=order)
    assert (parcel.state, parcel.received_at) == ("received", DUE)
    move = Move.objects.get(subject_type="order", event="receive")
    assert (move.actor, move.actor_id) == ("clock", None)
    assert Window.objects.filter(order=order).count() == 1
    assert receive_due(now=DUE, limit=10) == 0


def test_batches_over_merchants(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    for number in range(5):
        shipped(ann_actor, bo if number % 2 else cy, number)
    done = [receive_due(now=DUE, limit=2) for _ in range(4)]
    assert done == [2, 2, 1, 0]
    assert set(Order.objects.values_list("state", flat=True)) == {"completed"}


def test_one_bad_row_harms_no_other(ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [shipped(ann_actor, bo, number) for number in range(3)]

    def complete(batch: Sequence[Completing], *args: Any, **kwargs: Any) -> None:
        real(batch, *args, **kwargs)
        if orders[1].pk in [order.pk for order in batch]:
            raise RuntimeError("broken")

    monkeypatch.setattr("wanku.flows.fulfilling.receive_due.complete", complete)
    assert receive_due(now=DUE, limit=10) == 2
    states = [Order.objects.get(pk=order.pk).state for order in orders]
    assert states == ["completed", "fulfilled", "completed"]
    bad = Order.objects.get(pk=orders[1].pk)
    assert bad.due_at == DUE + PUT_OFF
    assert not Window.objects.filter(order=bad).exists()
    monkeypatch.undo()
    assert receive_due(now=DUE, limit=10) == 0
    assert receive_due(now=DUE + PUT_OFF, limit=10) == 1


def test_as_many_statements_for_ten_as_for_one(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    """Orders, parcels, their moves, promises and zones, windows, known plans and new ones, the closing check."""
    for number, count in enumerate((1, 10)):
        for piece in range(count):
            shipped(ann_actor, bo if piece % 2 else cy, 100 * number + piece)
        with statements() as sent:
            assert receive_due(now=DUE, limit=20) == count
        assert len(sent) == 11, sent


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_at_the_end_is_one_rows_fault(
    ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [shipped(ann_actor, bo, number) for number in range(3)]

    def complete(batch: Sequence[Completing], *args: Any, **kwargs: Any) -> None:
        real(batch, *args, **kwargs)
        if orders[1].pk in [order.pk for order in batch]:
            Parcel.objects.filter(order=orders[1].pk).update(order=uuid4())  # its foreign key is checked at commit

    monkeypatch.setattr("wanku.flows.fulfilling.receive_due.complete", complete)
    assert receive_due(now=DUE, limit=10) == 2
    assert [Order.objects.get(pk=order.pk).state for order in orders] == ["completed", "fulfilled", "completed"]
    assert Order.objects.get(pk=orders[1].pk).due_at == DUE + PUT_OFF
