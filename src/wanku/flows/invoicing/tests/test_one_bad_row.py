"""What cannot be dealt with by a sweeper stands in nobody's way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing import issue_completed, reverse_for_refunds, send_due_invoices
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.tests.conftest import Refunded
from wanku.invoices.models import Invoice
from wanku.invoices.titles import Wanted
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def two(order: Order, ann_actor: Actor, bo: Shop, clerk: Clerk) -> list[Order]:
    """Complete orders with an invoice each that is asked for; the first is the bad one."""
    orders = [order, paid(ann_actor, (product_of(bo.merchant, "茶盘"), 1))[0]]
    for hours, each in enumerate(orders):
        request_invoice(each.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW + timedelta(hours=hours))
    Order.objects.update(state="completed", due_at=None, completed_at=NOW)
    return orders


def spoilt(module: Any, name: str, bad: UUID) -> Any:
    """The step fails for one of them."""
    real: Callable[..., Any] = getattr(module, name)

    def step(pk: UUID, *rest: Any) -> Any:
        if pk == bad:
            raise RuntimeError("spoilt")
        return real(pk, *rest)

    return patch.object(module, name, step)


def states(orders: list[Order]) -> list[str]:
    """Of their blue invoices."""
    rows = dict(Invoice.objects.filter(original=None).values_list("order", "state"))
    return [rows[order.pk] for order in orders]


def test_issuing(two: list[Order]) -> None:
    with spoilt(issue_completed, "lock_order", two[0].pk):
        assert issue_completed.issue_completed(now=LATER) == 1
    assert states(two) == ["requested", "issued"]
    assert issue_completed.issue_completed(now=LATER) == 1 and states(two) == ["issued", "issued"]


def test_taking_back(two: list[Order], refunded: Refunded) -> None:
    issue_completed.issue_completed(now=LATER)
    for order in two:
        refunded(order, 100)
    with spoilt(reverse_for_refunds, "lock_order", two[0].pk):
        assert reverse_for_refunds.reverse_for_refunds(now=LATER) == 1
    assert Invoice.objects.get(original__isnull=False).order == two[1]
    assert reverse_for_refunds.reverse_for_refunds(now=LATER) == 1


def test_sending(two: list[Order]) -> None:
    with patch.object(issue_completed, "send"):
        assert issue_completed.issue_completed(now=NOW) == 2
    bad = Invoice.objects.get(order=two[0]).pk
    with spoilt(send_due_invoices, "send", bad):
        assert send_due_invoices.send_due_invoices(now=LATER) == 2
    assert states(two) == ["sent", "issued"]
    send_due_invoices.send_due_invoices(now=LATER + timedelta(days=1))
    assert states(two) == ["issued", "issued"]
