"""Refunds after an invoice: a red letter for the whole, a new invoice for the rest, once each."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.reverse_for_refunds import reverse_for_refunds
from wanku.flows.invoicing.send_due_invoices import send_due_invoices
from wanku.flows.invoicing.tests.conftest import Refunded
from wanku.invoices.models import Invoice
from wanku.invoices.provider import Issued, ProviderDown
from wanku.invoices.titles import Wanted
from wanku.orders.models import Order
from wanku.payments.models import Refund

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def issued(order: Order, ann_actor: Actor, bo: Shop, clerk: Clerk) -> Invoice:
    """Over everything that was paid."""
    asked = request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
    return issue_invoice(asked.pk, actor=bo.actor, now=NOW)


def sweep(hours: int = 1) -> None:
    """The clocks, until nothing is left to do."""
    for turn in range(6):
        reverse_for_refunds(now=NOW + HOUR * hours)
        send_due_invoices(now=NOW + HOUR * (hours + turn))


def standing() -> list[tuple[str, int, bool]]:
    """Every invoice, in order."""
    return [(row.state, row.amount, row.is_red) for row in Invoice.objects.order_by("pk")]


def test_a_whole_refund_takes_it_back(issued: Invoice, order: Order, refunded: Refunded, clerk: Clerk) -> None:
    refunded(order, order.amount)
    sweep()
    assert standing() == [("reversed", order.amount, False), ("issued", -order.amount, True)]
    red = Invoice.objects.get(original=issued)
    assert sum(line.amount for line in red.sheet_lines) == -order.amount and red.tax == -issued.tax
    assert clerk.heard[-1].original_number == issued.number and clerk.heard[-1].original_ref == "tax-1"


def test_a_part_makes_a_new_one_for_the_rest(issued: Invoice, order: Order, refunded: Refunded) -> None:
    refunded(order, 9_999)
    sweep()
    rest = order.amount - 9_999
    assert standing() == [("reversed", order.amount, False), ("issued", -order.amount, True), ("issued", rest, False)]
    new = Invoice.objects.get(follows__isnull=False)
    assert (new.title, new.follows and new.follows.original_id) == (issued.title, issued.pk)
    assert sum(line.amount for line in new.sheet_lines) == rest


def test_the_same_refund_again_has_no_effect(issued: Invoice, order: Order, refunded: Refunded) -> None:
    refunded(order, 9_999)
    sweep()
    before = list(Invoice.objects.values())
    sweep(9)
    assert list(Invoice.objects.values()) == before
    assert reverse_for_refunds(now=NOW + HOUR) == 0


def test_two_refunds_at_once_are_one_reversal_and_one_rest(issued: Invoice, order: Order, refunded: Refunded) -> None:
    refunded(order, 9_999)
    refunded(order, 1)
    sweep()
    assert standing()[2:] == [("issued", order.amount - 10_000, False)]


def test_one_after_the_other_ends_with_nothing(issued: Invoice, order: Order, refunded: Refunded) -> None:
    refunded(order, 9_999)
    sweep()
    refunded(order, order.amount - 9_999)
    sweep(9)
    states = standing()
    assert sum(amount for _, amount, _ in states) == 0
    assert [state for state, _, red in states if not red] == ["reversed", "reversed"]


def test_only_money_that_arrived(issued: Invoice, order: Order, refunded: Refunded) -> None:
    refunded(order, 100, state="sent")
    sweep()
    assert standing() == [("issued", order.amount, False)]


def test_what_the_invoice_left_out_already(
    order: Order, ann_actor: Actor, bo: Shop, clerk: Clerk, refunded: Refunded
) -> None:
    refunded(order, 100, state="sent")
    asked = request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
    issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    Refund.objects.update(state="succeeded", succeeded_at=NOW, due_at=None)
    sweep()
    assert standing() == [("issued", order.amount - 100, False)]


def test_a_wish_of_which_nothing_is_left_is_called_off(order: Order, ann_actor: Actor, refunded: Refunded) -> None:
    request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
    refunded(order, 100)
    assert reverse_for_refunds(now=NOW) == 1
    assert standing() == [("requested", 0, False)]
    refunded(order, order.amount - 100)
    assert reverse_for_refunds(now=NOW) == 1
    assert standing() == [("cancelled", 0, False)]


def test_while_the_provider_is_down_the_old_one_stands(
    issued: Invoice, order: Order, refunded: Refunded, clerk: Clerk
) -> None:
    clerk.answer = ProviderDown("no line")
    refunded(order, order.amount)
    sweep()
    assert [row[0] for row in standing()] == ["issued", "sent"]
    clerk.answer = Issued(b"%PDF")
    clerk.known = Issued(b"%PDF known", ref="r")
    calls = len(clerk.heard)
    sweep(40)
    assert [row[0] for row in standing()] == ["reversed", "issued"]
    # It had heard of the number, so it was asked and not told again.
    assert len(clerk.heard) == calls and clerk.asked
