"""Invoices over the API."""

import base64
import hashlib

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.api.tests.caller import Api, assert_problem
from wanku.invoices.models import Invoice
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db
FIRM = {"kind": "company", "title": "玩酷科技", "tax_number": "91350100M000100Y43"}


@pytest.fixture(autouse=True)
def _clerk(clerk: Clerk) -> None:
    """Every shop has it."""


@pytest.fixture
def order(ann_actor: Actor, bo: Shop) -> Order:
    """A pot."""
    return paid(ann_actor, (product_of(bo.merchant), 1), now=NOW)[0]


def test_from_the_wish_to_the_red_letter(ann_api: Api, bo_api: Api, order: Order) -> None:
    asked = ann_api("PUT", f"/orders/{order.number}/invoice", FIRM)
    assert asked.status_code == 200 and asked.json()["state"] == "requested"
    number = asked.json()["number"]
    assert [row["number"] for row in bo_api("GET", "/merchants/bo/invoices?state=requested").json()["items"]] == [
        number
    ]
    assert_problem(ann_api("GET", f"/invoices/{number}/document"), 404, "not_found")
    issued = bo_api("POST", f"/merchants/bo/invoices/{number}/issue").json()
    assert (issued["state"], issued["amount"], issued["is_tax_invoice"]) == ("issued", order.amount, False)
    assert sum(line["amount"] for line in issued["lines"]) == order.amount
    paper = ann_api("GET", f"/invoices/{number}/document").json()
    content = base64.b64decode(paper["content"])
    assert content == Clerk.paper(number) and hashlib.sha256(content).hexdigest() == paper["sha256"]
    assert bo_api("GET", f"/merchants/bo/invoices/{number}/document").json() == paper
    red = bo_api("POST", f"/merchants/bo/invoices/{number}/reverse", {"because": "抬头错误"}).json()
    assert (red["original_number"], red["amount"]) == (number, -order.amount)
    states = [row["state"] for row in ann_api("GET", f"/orders/{order.number}/invoices").json()["items"]]
    assert states == ["issued", "reversed"]


def test_a_wish_is_changed_and_taken_back(ann_api: Api, order: Order) -> None:
    ann_api("PUT", f"/orders/{order.number}/invoice", FIRM)
    again = ann_api("PUT", f"/orders/{order.number}/invoice", {"kind": "personal", "title": "安"})
    assert again.json()["title"] == "安" and Invoice.objects.count() == 1
    assert ann_api("DELETE", f"/orders/{order.number}/invoice").status_code == 204
    assert_problem(ann_api("DELETE", f"/orders/{order.number}/invoice"), 404, "not_found")


def test_refused(ann_api: Api, guest_api: Api, bo_api: Api, order: Order) -> None:
    wrong = ann_api("PUT", f"/orders/{order.number}/invoice", {**FIRM, "tax_number": "91350100M000100Y44"})
    assert_problem(wrong, 422, "bad_tax_number")
    assert_problem(guest_api("PUT", f"/orders/{order.number}/invoice", FIRM), 404, "not_found")
    assert_problem(bo_api("PUT", f"/orders/{order.number}/invoice", FIRM), 403, "not_allowed")
    assert_problem(guest_api("GET", f"/orders/{order.number}/invoices"), 404, "not_found")
    assert not Invoice.objects.exists()
