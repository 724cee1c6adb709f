"""Shipping whole and in parts; every refusal, and that it changed nothing."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from tests.bought import paid, placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.models import Parcel, ParcelLine
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order

LATER = NOW + timedelta(hours=5)


@pytest.fixture
def order(ann_actor: Actor, bo: Shop) -> Order:
    """Two products, three and two pieces."""
    first = product_of(bo.merchant, arrives_days_min=2, arrives_days_max=4)
    return paid(ann_actor, (first, 3), (product_of(bo.merchant, "紫砂杯", arrives_days_max=6), 2))[0]


def lines_of(order: Order) -> list[Line]:
    """In a fixed order."""
    return list(Line.objects.filter(order=order).order_by("-quantity"))


def ship(order: Order, shop: Shop, **fields: Any) -> Parcel:
    """All of it with a good number, unless said otherwise."""
    values = {
        "pieces": None,
        "carrier": "sf",
        "tracking": "SF1234567890123",
        "actor": shop.actor,
        "now": LATER,
        **fields,
    }
    return ship_order(order.pk, **values)


def facts(order: Order) -> Any:
    """Everything that shipping could change."""
    return (
        Order.objects.filter(pk=order.pk).values().get(),
        list(Line.objects.filter(order=order).order_by("pk").values()),
        Parcel.objects.count(),
        ParcelLine.objects.count(),
        Move.objects.count(),
    )


def test_whole(order: Order, bo: Shop) -> None:
    parcel = ship(order, bo, tracking=" sf 1234567890123 ")
    order.refresh_from_db()
    assert (order.state, order.fulfilled_at) == ("fulfilled", LATER)
    assert order.due_at == LATER + timedelta(days=10)
    assert [line.shipped for line in lines_of(order)] == [3, 2]
    assert (parcel.carrier, parcel.tracking) == ("sf", "SF1234567890123")
    assert (parcel.expected_from, parcel.expected_to) == (date(2026, 11, 13), date(2026, 11, 17))
    assert sorted(parcel.lines.values_list("quantity", flat=True)) == [2, 3]
    move = Move.objects.filter(subject_type="order", subject_id=str(order.pk)).latest("id")
    assert (move.event, move.actor, move.actor_id) == ("fulfil", "merchant", bo.owner.pk)
    assert move.facts["tracking"] == "SF1234567890123"


def test_parts(order: Order, bo: Shop) -> None:
    first, second = lines_of(order)
    ship(order, bo, pieces={first.pk: 1})
    order.refresh_from_db()
    assert (order.state, order.due_at, order.fulfilled_at) == ("fulfilling", order.ship_by, None)
    ship(order, bo, pieces={first.pk: 1, second.pk: 2}, tracking="SF1234567890124")
    order.refresh_from_db()
    assert order.state == "fulfilling"
    ship(order, bo, tracking="SF1234567890125")
    order.refresh_from_db()
    assert order.state == "fulfilled"
    assert [line.shipped for line in lines_of(order)] == [3, 2]
    events = Move.objects.filter(subject_type="order", subject_id=str(order.pk)).order_by("id")
    assert list(events.values_list("event", flat=True)) == ["place", "pay", "start", "ship_part", "fulfil"]


def test_by_hand_has_the_short_receipt_clock(order: Order, bo: Shop) -> None:
    ship(order, bo, carrier="by_hand", tracking="a-1042")
    order.refresh_from_db()
    assert order.due_at == LATER + timedelta(days=2)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"carrier": "pigeon"}, "unknown_carrier", "carrier"),
        ({"tracking": ""}, "bad_tracking", "tracking"),
        ({"tracking": "12"}, "bad_tracking", "tracking"),
        ({"tracking": "SF１２３４５６７８９０１２３"}, "bad_tracking", "tracking"),
        ({"tracking": "SF1234567890123\x00'; DROP TABLE"}, "bad_tracking", "tracking"),
        ({"pieces": {}}, "nothing_chosen", "pieces"),
        ({"pieces": {uuid.UUID(int=7): 1}}, "bad_value", f"pieces.{uuid.UUID(int=7)}"),
    ],
)
def test_refusals_change_nothing(order: Order, bo: Shop, fields: dict[str, Any], code: str, field: str) -> None:
    before = facts(order)
    with pytest.raises(Refusal) as refused:
        ship(order, bo, **fields)
    assert (refused.value.code.name, refused.value.field) == (code, field)
    assert facts(order) == before


def test_more_than_is_left(order: Order, bo: Shop) -> None:
    first, second = lines_of(order)
    ship(order, bo, pieces={first.pk: 2})
    before = facts(order)
    with pytest.raises(Refusal) as refused:
        ship(order, bo, pieces={first.pk: 2, second.pk: -1}, tracking="SF1234567890124")
    every = {refusal.field: refusal for refusal in refused.value.every()}
    assert every[f"pieces.{first.pk}"].code.name == "too_many_pieces"
    assert every[f"pieces.{first.pk}"].facts["left"] == 1
    assert every[f"pieces.{second.pk}"].code.name == "bad_value"
    assert facts(order) == before


def test_a_number_is_used_once(order: Order, bo: Shop, ann_actor: Actor) -> None:
    ship(order, bo)
    other = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    before = facts(other)
    with pytest.raises(Refusal) as refused:
        ship(other, bo)
    assert (refused.value.code.name, refused.value.field) == ("tracking_used", "tracking")
    assert facts(other) == before


@pytest.mark.parametrize("who", ["ann_actor", "other_actor", "guest_actor", "di_actor", "cy"])
def test_only_the_merchant_ships(who: str, order: Order, bo: Shop, request: pytest.FixtureRequest) -> None:
    stranger = request.getfixturevalue(who)
    before = facts(order)
    with pytest.raises(Refusal) as refused:
        ship(order, bo, actor=stranger.actor if isinstance(stranger, Shop) else stranger)
    assert refused.value.code.name in ("not_found", "not_allowed")
    assert facts(order) == before


def test_a_seat_without_the_permission(order: Order, bo: Shop) -> None:
    finance = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "finance"}, merchant_id=bo.merchant.pk)
    before = facts(order)
    with pytest.raises(Refusal) as refused:
        ship(order, bo, actor=finance)
    assert refused.value.code.name == "not_allowed"
    assert facts(order) == before


def test_unpaid_and_shipped_orders(order: Order, bo: Shop, ann_actor: Actor) -> None:
    unpaid = placed(ann_actor, (product_of(bo.merchant), 1)).orders.get()
    with pytest.raises(Refusal) as refused:
        ship(unpaid, bo)
    assert refused.value.code.name == "not_found"
    ship(order, bo)
    before = facts(order)
    with pytest.raises(Refusal) as refused:
        ship(order, bo, tracking="SF1234567890124")
    assert refused.value.code.name == "not_to_ship"
    assert facts(order) == before


def test_the_sandbox_carrier_is_for_the_sandbox(order: Order, bo: Shop, settings: Any) -> None:
    settings.SANDBOX = False
    before = facts(order)
    with pytest.raises(Refusal) as refused:
        ship(order, bo, carrier="sandbox", tracking="SB0123456789")
    assert refused.value.code.name == "unknown_carrier"
    assert facts(order) == before


def test_an_integrators_key_needs_the_scope(order: Order, bo: Shop) -> None:
    key = Actor(
        person_id=bo.owner.pk,
        seats={bo.merchant.pk: "owner"},
        merchant_id=bo.merchant.pk,
        scopes=frozenset({"orders.see"}),
    )
    with pytest.raises(Refusal) as refused:
        ship(order, bo, actor=key)
    assert refused.value.code.name == "not_allowed"
