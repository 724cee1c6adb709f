"""Orders at the desk: found, shipped, printed, taken back; addresses only for who ships."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.bought import paid, placed
from tests.cast import NOW, Shop, product_of, supply_of
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.orders.models import Order

STREET = "文三路 1 号"
GOOD = {"carrier": "sf", "tracking": "SF1234567890123"}


def test_searching(owner: Client, order: Order, ann_actor: Actor, bo: Shop) -> None:
    other = paid(ann_actor, (product_of(bo.merchant, "红袋子"), 1))[0]
    placed(ann_actor, (product_of(bo.merchant, "不付钱"), 1))
    for q, found in (
        (order.number, [order]),
        (str(order), [order]),
        ("安小姐", [other, order]),
        ("138000", [other, order]),
        ("红袋", [other]),
        (other.lines.get().sku.lower(), [other]),
        ("nothing like it", []),
        ("'; DROP TABLE", []),
        ("", [other, order]),
    ):
        page = owner.get("/desk/bo/orders/", {"q": q})
        assert [row.order for row in page.context["rows"]] == found, q
    page = owner.get("/desk/bo/orders/", {"first": "2026-11-12", "last": "nonsense", "tab": "what", "page": "-3"})
    assert [row.order for row in page.context["rows"]] == []


def test_tabs_and_lateness(owner: Client, order: Order) -> None:
    assert order.ship_by is not None
    Order.objects.filter(pk=order.pk).update(ship_by=NOW - timedelta(days=200))
    page = owner.get("/desk/bo/orders/?tab=late")
    assert [row.late for row in page.context["rows"]] == [True]
    assert page.context["tabs"][2]["count"] == 1
    assert not owner.get("/desk/bo/orders/?tab=completed").context["rows"]


@pytest.mark.parametrize("count", [1, 6])
def test_queries(
    owner: Client, bo: Shop, ann_actor: Actor, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    things = [product_of(bo.merchant, stock=50) for _ in range(2)]
    for _ in range(count):
        paid(ann_actor, *((thing, 1) for thing in things))
    owner.get("/desk/bo/orders/")
    with django_assert_num_queries(11):
        owner.get("/desk/bo/orders/?tab=to_ship")
    with django_assert_num_queries(16):
        owner.get("/desk/bo/")
    number = Order.objects.filter(merchant=bo.merchant).latest("placed_at").number
    with django_assert_num_queries(13):
        owner.get(f"/desk/bo/orders/{number}/")


def test_the_address_is_whole_only_for_who_ships(owner: Client, seat: Callable[[str], Client], order: Order) -> None:
    page = f"/desk/bo/orders/{order.number}/"
    assert STREET in owner.get(page).content.decode()
    for role, seen in (("clerk", True), ("service", False), ("finance", False)):
        text = seat(role).get(page).content.decode()
        assert (STREET in text, "13800138000" in text) == (seen, seen)
    owner.post(page + "ship/", {**GOOD, "all": "1"})
    text = owner.get(page).content.decode()
    assert STREET not in text
    assert "13800138000" not in text


def test_shipping_in_parts(owner: Client, order: Order) -> None:
    page = f"/desk/bo/orders/{order.number}/"
    line = order.lines.get()
    bad = owner.post(page + "ship/", {"carrier": "sf", "tracking": "x", "all": "1"})
    assert bad.status_code == 422
    assert bad.context["errors"].keys() == {"tracking"}
    assert b'value="x"' in bad.content
    assert owner.post(page + "ship/", {**GOOD, f"pieces-{line.pk}": "many"}).status_code == 422
    assert owner.post(page + "ship/", {**GOOD, f"pieces-{line.pk}": "5"}).status_code in (409, 422)
    assert owner.post(page + "ship/", GOOD).status_code in (409, 422)
    line.refresh_from_db()
    assert line.shipped == 0
    assert owner.post(page + "ship/", {**GOOD, f"pieces-{line.pk}": "1"}).status_code == 303
    order.refresh_from_db()
    assert order.state == "fulfilling"
    assert owner.post(page + "ship/", {**GOOD, "tracking": "SF1234567890124", "all": "1"}).status_code == 303
    order.refresh_from_db()
    assert order.state == "fulfilled"
    assert owner.post(page + "ship/", {**GOOD, "tracking": "SF1234567890125", "all": "1"}).status_code == 409


def test_taking_back_needs_a_reason(owner: Client, order: Order) -> None:
    page = f"/desk/bo/orders/{order.number}/withdraw/"
    free = supply_of(variant_of_line(order)).free
    assert owner.post(page, {"because": " "}).status_code == 422
    assert owner.post(page, {"because": "x" * 61}).status_code == 422
    order.refresh_from_db()
    assert order.state == "paid"
    assert owner.post(page, {"because": "缺货"}).status_code == 303
    order.refresh_from_db()
    assert order.state == "closed"
    assert supply_of(variant_of_line(order)).free == free + 2
    page_ = owner.get(f"/desk/bo/orders/{order.number}/")
    assert "缺货" in page_.content.decode()
    assert page_.context["net"] == 0


def variant_of_line(order: Order) -> Variant:
    return Variant.objects.get(pk=order.lines.get().variant_id)


def test_many_at_once_row_by_row(owner: Client, bo: Shop, ann_actor: Actor) -> None:
    orders = [paid(ann_actor, (product_of(bo.merchant), 1))[0] for _ in range(3)]
    first, second, third = (order.number for order in orders)
    page = owner.get("/desk/bo/orders/ship/", {"chosen": [first, second, "junk"]})
    assert [item["row"].order.number for item in page.context["rows"]] == [first, second]
    done = owner.post(
        "/desk/bo/orders/ship/",
        {
            "chosen": [first, second],
            "carrier": "sf",
            f"tracking-{first}": "SF1234567890123",
            f"tracking-{second}": "bad",
            "pasted": f"{third}, JDV012345678901, jd\n99\n\n",
        },
    )
    assert [(r["number"], bool(r["parcel"])) for r in done.context["results"]] == [
        (first, True),
        (second, False),
        (third, True),
        ("99", False),
    ]
    assert [item["row"].order.number for item in done.context["rows"]] == [second]
    assert b'value="bad"' in done.content
    states = dict(Order.objects.values_list("number", "state"))
    assert (states[first], states[second], states[third]) == ("fulfilled", "paid", "fulfilled")
    assert owner.post("/desk/bo/orders/ship/", {"carrier": "sf"}).context["nothing"]


def test_nobody_ships_for_another_shop(other: Client, order: Order) -> None:
    done = other.post("/desk/cy/orders/ship/", {"carrier": "sf", "pasted": f"{order.number} SF1234567890123"})
    assert [bool(r["parcel"]) for r in done.context["results"]] == [False]
    assert not other.get("/desk/cy/orders/slips/", {"chosen": order.number}).context["orders"]
    order.refresh_from_db()
    assert order.state == "paid"


def test_slips_and_parcels(owner: Client, order: Order) -> None:
    slip = owner.get("/desk/bo/orders/slips/", {"chosen": order.number}).content.decode()
    assert STREET in slip
    owner.post(f"/desk/bo/orders/{order.number}/ship/", {**GOOD, "all": "1"})
    assert not owner.get("/desk/bo/orders/slips/", {"chosen": order.number}).context["orders"]
    page = owner.get("/desk/bo/parcels/", {"q": "sf1234567890123"})
    assert [row["parcel"].order for row in page.context["rows"]] == [order]
    assert STREET not in page.content.decode()
    assert not owner.get("/desk/bo/parcels/?tab=delivered").context["rows"]
