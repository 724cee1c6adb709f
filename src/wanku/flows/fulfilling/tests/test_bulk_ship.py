"""A list of shipments: each row by itself."""

from typing import Any

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.fulfilling.bulk_ship import Outcome, Shipment, bulk_ship
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.models import Parcel
from wanku.kernel.ids import spaced
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order


def codes(outcomes: list[Outcome]) -> list[str]:
    """What became of each row."""
    return [outcome.refusal.code.name if outcome.refusal else "ok" for outcome in outcomes]


def test_bad_rows_spoil_nothing(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    mine = [paid(ann_actor, (product_of(bo.merchant), 1))[0] for _ in range(3)]
    foreign = paid(ann_actor, (product_of(cy.merchant), 1))[0]
    rows = [
        Shipment(spaced(mine[0].number), "sf", "SF1234567890121"),
        Shipment("12345", "sf", "SF1234567890122"),
        Shipment(mine[1].number, "sf", "??"),
        Shipment(foreign.number, "sf", "SF1234567890123"),
        Shipment(mine[0].number, "sf", "SF1234567890124"),
        Shipment(mine[2].number, "sf", "SF1234567890121"),
        Shipment(mine[2].number, "sf", "SF1234567890125"),
    ]
    outcomes = bulk_ship(rows, actor=bo.actor, now=NOW)
    expected = ["ok", "bad_number", "bad_tracking", "not_found", "listed_twice", "tracking_used", "listed_twice"]
    assert codes(outcomes) == expected
    assert [o.row for o in outcomes] == rows
    states = [Order.objects.get(pk=order.pk).state for order in (*mine, foreign)]
    assert states == ["fulfilled", "paid", "paid", "paid"]
    again = bulk_ship(rows[:1], actor=bo.actor, now=NOW)
    assert codes(again) == ["not_to_ship"]
    assert Parcel.objects.count() == 1


def test_an_unforeseen_error_stays_in_its_row(ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [paid(ann_actor, (product_of(bo.merchant), 1))[0] for _ in range(3)]

    def ship(order_id: Any, **values: Any) -> Parcel:
        parcel = ship_order(order_id, **values)
        if order_id == orders[1].pk:
            raise RuntimeError("broken")
        return parcel

    monkeypatch.setattr("wanku.flows.fulfilling.bulk_ship.ship_order", ship)
    rows = [Shipment(order.number, "sf", f"SF123456789012{n}") for n, order in enumerate(orders)]
    assert codes(bulk_ship(rows, actor=bo.actor, now=NOW)) == ["ok", "row_failed", "ok"]


def test_too_many_rows(bo: Shop) -> None:
    with pytest.raises(Refusal) as refused:
        bulk_ship([Shipment("1", "sf", "2")] * 501, actor=bo.actor, now=NOW)
    assert refused.value.code.name == "too_many_rows"


def test_strangers_find_nothing(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    rows = [Shipment(order.number, "sf", "SF1234567890121")]
    assert codes(bulk_ship(rows, actor=cy.actor, now=NOW)) == ["not_found"]
    assert codes(bulk_ship(rows, actor=ann_actor, now=NOW)) == ["not_allowed"]
    assert Parcel.objects.count() == 0
