"""Paying an order back at the desk: look first, then pay."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.bought import paid
from tests.cast import Shop, product_of
from wanku.access.actor import Actor
from wanku.ledger.models import Entry
from wanku.orders.models import Order
from wanku.payments.models import Refund, RefundLine

BECAUSE = {"because": "少发一件"}


@pytest.fixture
def address(bo: Shop, ann_actor: Actor) -> str:
    """The form of an order of three teapots."""
    (order,) = paid(ann_actor, (product_of(bo.merchant, prices=(10_000,)), 3))
    return f"/desk/bo/orders/{order.number}/refund/"


def pieces(count: str) -> dict[str, str]:
    return {f"pieces.{Order.objects.get().lines.get().pk}": count}


def untouched() -> None:
    assert not Refund.objects.exists() and not Entry.objects.filter(reason="refund_due").exists()


def test_the_order_leads_to_it_and_says_what_was_paid_back(owner: Client, address: str) -> None:
    order = address.removesuffix("refund/")
    assert address in owner.get(order).content.decode()
    owner.post(address, {**pieces("1"), **BECAUSE, "seen": "0", "pay": "1"})
    page = owner.get(order).content.decode()
    assert "少发一件" in page and "¥100.00" in page


def test_commission_shrinks_with_what_is_paid_back(owner: Client, address: str) -> None:
    order = address.removesuffix("refund/")
    net = owner.get(order).context["net"]
    owner.post(address, {**pieces("1"), **BECAUSE, "seen": "0", "pay": "1"})
    assert owner.get(order).context["net"] * 3 == net * 2
    owner.post(address, {"everything": "1", **BECAUSE, "seen": "1", "pay": "1"})
    assert Refund.objects.count() == 2 and owner.get(order).context["net"] == 0


def test_looking_shows_what_would_go_back_and_pays_nothing(owner: Client, address: str) -> None:
    page = owner.post(address, {**pieces("1"), "amount": "12.50", "look": "1", **BECAUSE})
    assert page.status_code == 200
    form = page.context["form"]
    assert (form.sum.amount, form.planned[0][1:3]) == (11_250, (1, 1))
    assert "少发一件" in page.content.decode() and "¥112.50" in page.content.decode()
    untouched()


def test_paying_once_however_often_it_is_sent(owner: Client, address: str) -> None:
    asked = {**pieces("2"), **BECAUSE, "seen": "0", "pay": "1"}
    assert owner.post(address, asked).status_code == 303
    again = owner.post(address, asked)
    assert again.status_code == 409 and "paid back meanwhile" in again.content.decode()
    assert (Refund.objects.get().amount, RefundLine.objects.get().called_off) == (20_000, 2)


def test_everything_closes_the_order(owner: Client, address: str) -> None:
    owner.post(address, {"everything": "1", **BECAUSE, "seen": "0", "pay": "1"})
    assert (Order.objects.get().state, Refund.objects.get().amount) == ("closed", 30_000)
    assert owner.get(address).status_code == 200


@pytest.mark.parametrize("what", ["pay", "look"])
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"amount": "1000"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"amount": "x"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"pieces": "4"}, "pieces"),
        ({"pieces": "-1"}, "pieces"),
        ({"pieces": "x"}, "pieces"),
        ({"pieces": "0"}, "pieces"),
        ({"pieces.nonsense": "1"}, "pieces"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    owner: Client, address: str, asked: dict[str, str], field: str, what: str
) -> None:
    fields = pieces(asked["pieces"]) if "pieces" in asked else asked
    page = owner.post(address, {**fields, **BECAUSE, what: "1", "seen": "0"})
    assert page.status_code in (409, 422)
    assert any(name.startswith(field) for name in page.context["errors"])
    assert "少发一件" in page.content.decode(), "what was typed is kept"
    untouched()


def test_a_reason_is_needed(owner: Client, address: str) -> None:
    page = owner.post(address, {**pieces("1"), "because": " ", "pay": "1"})
    assert page.status_code == 422 and "because" in page.context["errors"]
    untouched()


def test_queries(owner: Client, address: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    owner.get(address)
    with django_assert_num_queries(10):
        owner.get(address)
