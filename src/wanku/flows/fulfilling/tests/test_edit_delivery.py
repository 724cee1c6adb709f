"""Correcting an address before shipping."""

from typing import Any

import pytest

from tests.bought import paid, placed
from tests.cast import ADDRESS, NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.fulfilling.edit_delivery import edit_delivery
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order
from wanku.pricing.models import FreightRate, FreightTemplate

SHANGHAI = {**ADDRESS, "province": "上海市", "city": "上海市", "district": "黄浦区", "line": "人民大道 200 号"}
LHASA = {**ADDRESS, "province": "西藏自治区", "city": "拉萨市"}
TAIPEI = {**ADDRESS, "province": "台湾省", "city": "台北市"}


@pytest.fixture
def order(ann_actor: Actor, bo: Shop) -> Order:
    """Two pieces of half a kilogram, charged by weight: dearer to Tibet, never to Taiwan."""
    template = FreightTemplate.objects.create(merchant=bo.merchant, name="标准", by="weight", is_default=True)
    rates = [([], 800, 200, False), (["西藏自治区"], 800, 900, False), (["台湾省"], 0, 0, True)]
    for provinces, first, step, refused in rates:
        FreightRate.objects.create(
            template=template,
            provinces=provinces,
            first=500,
            first_fee=first,
            step=500,
            step_fee=step,
            refused=refused,
        )
    order = paid(ann_actor, (product_of(bo.merchant), 2))[0]
    assert order.freight == 1000
    return order


def facts(order: Order) -> Any:
    """Everything that an edit could change."""
    return Order.objects.filter(pk=order.pk).values().get(), Move.objects.count()


def test_address_and_note(order: Order, ann_actor: Actor) -> None:
    edit_delivery(order.pk, address={**SHANGHAI, "phone": "021 6320 0000"}, note=" 放门口\n ", actor=ann_actor, now=NOW)
    order.refresh_from_db()
    assert (order.address["province"], order.address["phone"]) == ("上海市", "+862163200000")
    assert (order.note, order.freight) == ("放门口", 1000)
    move = Move.objects.latest("id")
    assert (move.event, move.actor, move.facts) == ("edit_delivery", "buyer", {"fields": ["address", "note"]})


def test_nothing_new_leaves_no_trace(order: Order, ann_actor: Actor) -> None:
    before = facts(order)
    edit_delivery(order.pk, address=order.address, note=order.note, actor=ann_actor, now=NOW)
    edit_delivery(order.pk, actor=ann_actor, now=NOW)
    assert facts(order) == before


def test_before_payment_too(ann_actor: Actor, bo: Shop) -> None:
    order = placed(ann_actor, (product_of(bo.merchant), 1)).orders.get()
    edit_delivery(order.pk, note="请包好", actor=ann_actor, now=NOW)
    order.refresh_from_db()
    assert order.note == "请包好"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"address": LHASA}, "freight_differs", "address.province"),
        ({"address": TAIPEI}, "not_shipped_there", "address.province"),
        ({"address": {**SHANGHAI, "line": " "}}, "missing", "address.line"),
        ({"address": {**SHANGHAI, "phone": "12"}}, "bad_phone", "address.phone"),
        ({"address": {**SHANGHAI, "city": "城" * 41}}, "too_long", "address.city"),
        ({"address": {}}, "missing", "address.name"),
        ({"note": "注" * 201}, "too_long", "note"),
    ],
)
def test_refusals(order: Order, ann_actor: Actor, change: dict[str, Any], code: str, field: str) -> None:
    before = facts(order)
    with pytest.raises(Refusal) as refused:
        edit_delivery(order.pk, **change, actor=ann_actor, now=NOW)
    assert (refused.value.code.name, refused.value.field) == (code, field)
    assert facts(order) == before


def test_not_once_a_part_has_left(order: Order, ann_actor: Actor, bo: Shop) -> None:
    line = Line.objects.get(order=order)
    ship_order(order.pk, pieces={line.pk: 1}, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW)
    before = facts(order)
    with pytest.raises(Refusal) as refused:
        edit_delivery(order.pk, address=SHANGHAI, actor=ann_actor, now=NOW)
    assert refused.value.code.name == "delivery_fixed"
    assert facts(order) == before


@pytest.mark.parametrize("who", ["other_actor", "guest_actor", "di_actor", "bo"])
def test_only_the_buyer(who: str, order: Order, request: pytest.FixtureRequest) -> None:
    stranger = request.getfixturevalue(who)
    before = facts(order)
    actor = stranger.actor if isinstance(stranger, Shop) else stranger
    with pytest.raises(Refusal) as refused:
        edit_delivery(order.pk, address=SHANGHAI, actor=actor, now=NOW)
    assert refused.value.code.name == "not_found"
    assert facts(order) == before
