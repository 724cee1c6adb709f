"""Every door places every kind, says the same when it is gone, and leaves nothing behind when it refuses."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest

from tests.cast import ADDRESS, NOW, Shop, variant_of
from tests.kitchen import dish_of, kitchen_of, open_kitchen
from tests.seats import travellers
from tests.visits import PRICE, TEN, salon_of
from wanku.api.tests.doors import DOORS, Case
from wanku.api.tests.shopping import CONTACT
from wanku.inventory.models import Supply
from wanku.kinds.issue.models import Source
from wanku.kinds.issue.tests.selling import plan_of
from wanku.kinds.registry import KINDS
from wanku.kinds.seat.models import Passage
from wanku.kinds.seat.tests.world import departure_of, seat_product
from wanku.kinds.stay.tests.houses import TODAY, house_of, room_of
from wanku.kinds.visit.models import Appointment
from wanku.orders.models import Line, Order, Trade
from wanku.orders.sealed import details_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gathered")]


@dataclass(frozen=True)
class Offered:
    """Something of a kind of which exactly one is there for each door.

    Attributes:
        total: of one line, with what bringing it costs; minor units.
        gone: code and field of the refusal when none is left.
        odd: a choice that cannot be, and the field that it is refused at.
        keys: how the counters that it takes from begin.
    """

    variant: int
    total: int
    choice: dict[str, Any]
    gone: tuple[str, str]
    odd: tuple[dict[str, Any], str]
    keys: str
    details: dict[str, Any] = field(default_factory=dict)
    address: dict[str, str] | None = None

    def body(self, **line: Any) -> dict[str, Any]:
        """A checkout of one of it."""
        told = {"variant_id": self.variant, "quantity": 1, "choice": self.choice, "details": self.details}
        body = {"lines": [{**told, **line}], "contact": CONTACT, "agreed_total": self.total}
        return {**body, "address": self.address} if self.address else body


def stay(bo: Shop) -> Offered:
    room = room_of(house_of(bo.merchant, rooms=DOORS))
    first, last = str(TODAY + timedelta(days=3)), str(TODAY + timedelta(days=5))
    choice = {"check_in": first, "check_out": last, "adults": 3, "children": 0}
    return Offered(
        room.rates.get().pk,
        2 * 60_000,
        choice,
        ("not_free", "lines.0.choice"),
        ({**choice, "adults": 40}, "lines.0.choice.adults"),
        f"night:{room.pk}:",
        {"guest": "安小姐", "wish": "高楼层"},
    )


def seat(bo: Shop) -> Offered:
    row = departure_of(seat_product(bo), seats=DOORS)
    variant = variant_of(row.product)
    return Offered(
        variant.pk,
        68_000,
        {"departure": row.pk},
        ("not_free", "lines.0.choice"),
        ({"departure": row.pk + 1}, "lines.0.choice.departure"),
        row.key(variant.pk),
        json.loads(travellers(1)),
    )


def visit(bo: Shop) -> Offered:
    salon = salon_of(bo, "王", "李", "赵")
    return Offered(
        salon.variant.pk,
        PRICE,
        {"at": TEN.isoformat()},
        ("not_free", "lines.0.choice"),
        ({"at": (TEN + timedelta(minutes=7)).isoformat()}, "lines.0.choice.at"),
        "hour:",
        {"work": "厨房很油", "access": "门铃 3"},
        ADDRESS,
    )


def meal(bo: Shop) -> Offered:
    kitchen_of(bo.merchant, capacity=DOORS)
    dish = dish_of(bo.merchant, groups=[("辣度", 1, 1, [("微辣", 100)])])
    open_kitchen(bo.merchant, NOW)
    [group] = dish.groups.all()
    choice = {"at": "2026-11-11T12:00+08:00", "way": "delivery", "options": [group.options.get().pk]}
    return Offered(
        variant_of(dish.product).pk,
        2_800 + 100 + 500,
        choice,
        ("slot_full", "lines.0.choice.at"),
        ({**choice, "options": []}, f"lines.0.choice.options.{group.pk}"),
        "kitchen:",
        address=ADDRESS,
    )


def issue(bo: Shop) -> Offered:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=DOORS)
    return Offered(
        plan.pk,
        19_900,
        {},
        ("sold_out", "lines.0.quantity"),
        ({"renews": "x"}, "lines.0.choice.renews"),
        f"sku:{plan.pk}",
    )


OFFERS: Final[dict[str, Callable[[Shop], Offered]]] = {
    "stay": stay,
    "seat": seat,
    "visit": visit,
    "meal": meal,
    "issue": issue,
}


def everything() -> list[Any]:
    """All that an order writes or takes."""
    rows = [list(model.objects.order_by("pk").values()) for model in (Trade, Order, Line, Passage, Appointment)]
    return [*rows, list(Supply.objects.order_by("pk").values("key", "free", "held", "sold"))]


def test_no_kind_is_forgotten() -> None:
    assert set(OFFERS) == set(KINDS)


@pytest.mark.parametrize("kind", [*OFFERS])
def test_each_door_places_it_until_it_is_gone(kind: str, bo: Shop, guest: dict[str, str]) -> None:
    offered = OFFERS[kind](bo)
    assert Case(offered.body(), guest).at_all().status == 201
    orders = list(Order.objects.prefetch_related("lines"))
    assert [(order.kind, order.amount) for order in orders] == [(kind, offered.total)] * DOORS
    assert len({(order.starts_at, order.ends_at) for order in orders}) == 1
    for order in orders:
        [line] = order.lines.all()
        assert line.choice.keys() >= offered.choice.keys() and line.parts
        found = details_of(line)
        assert {name: found[name] for name in offered.details}.keys() == offered.details.keys()
        assert bool(line.sealed) == bool(offered.details)
    taken = Supply.objects.filter(key__startswith=offered.keys, held__gt=0)
    assert taken and all(row.held in (1, DOORS) for row in taken)

    before = everything()
    gone = Case(offered.body(), guest).at_all()
    assert (gone.status, gone.code) == (409, offered.gone[0])
    assert [(each["code"], each["field"]) for each in gone.errors] == [offered.gone]
    assert everything() == before


@pytest.mark.parametrize("kind", [*OFFERS])
def test_what_cannot_be_leaves_nothing_behind(kind: str, bo: Shop, guest: dict[str, str]) -> None:
    offered = OFFERS[kind](bo)
    before = everything()
    odd, place = offered.odd
    assert place in [each["field"] for each in Case(offered.body(choice=odd), guest).at_all().errors]
    unknown = Case(offered.body(choice={**offered.choice, "planet": "x"}), guest).at_all()
    assert [(each["code"], each["field"]) for each in unknown.errors] == [("bad_value", "lines.0.choice.planet")]
    wrong = Case(offered.body(details={**offered.details, "planet": "x"}), guest).at_all()
    assert wrong.status == 422
    assert {each["field"] for each in wrong.errors} <= {"lines.0.details", "lines.0.details.planet"}
    dearer = Case({**offered.body(), "agreed_total": offered.total - 1}, guest).at_all()
    assert dearer.code == "price_changed"
    assert everything() == before
