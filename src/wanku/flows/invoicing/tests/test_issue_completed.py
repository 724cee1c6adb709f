"""Shops that issue by themselves."""

import pytest

from tests.cast import NOW, Shop
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.issue_completed import issue_completed
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.set_issuer import set_issuer
from wanku.flows.invoicing.tests.conftest import Refunded
from wanku.invoices.models import Invoice
from wanku.invoices.provider import ProviderRefused
from wanku.invoices.titles import Wanted
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked(order: Order, ann_actor: Actor) -> None:
    request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)


def complete(order: Order) -> None:
    """Received."""
    Order.objects.filter(pk=order.pk).update(state="completed", due_at=None, completed_at=NOW)


def test_once_the_order_is_complete(order: Order, clerk: Clerk) -> None:
    assert issue_completed(now=NOW) == 0
    complete(order)
    assert issue_completed(now=NOW) == 1
    assert Invoice.objects.get().state == "issued" and issue_completed(now=NOW) == 0


def test_not_where_the_shop_does_it_by_hand(order: Order, bo: Shop, clerk: Clerk) -> None:
    set_issuer(bo.merchant.pk, automatic=False, tax_bp=1300, actor=bo.actor, now=NOW)
    complete(order)
    assert issue_completed(now=NOW) == 0 and not clerk.heard


def test_a_refused_one_is_the_shops(order: Order, clerk: Clerk) -> None:
    complete(order)
    clerk.answer = ProviderRefused("no")
    assert issue_completed(now=NOW) == 1
    assert issue_completed(now=NOW) == 0 and Invoice.objects.get().failure == "no"


def test_nothing_left_is_called_off(order: Order, clerk: Clerk, refunded: Refunded) -> None:
    complete(order)
    refunded(order, order.amount, state="sent")
    assert issue_completed(now=NOW) == 1
    assert Invoice.objects.get().state == "cancelled" and not clerk.heard
