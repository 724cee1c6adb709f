"""A wish is taken back."""

import pytest

from tests.cast import NOW, Shop
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.cancel_invoice import cancel_invoice
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.invoices.models import Invoice
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db


def test_before_it_is_sent(order: Order, ann_actor: Actor, other_actor: Actor) -> None:
    invoice = request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
    with pytest.raises(Refusal) as no:
        cancel_invoice(invoice.pk, actor=other_actor, now=NOW)
    assert no.value.code.name == "not_found"
    cancel_invoice(invoice.pk, actor=ann_actor, now=NOW)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.due_at) == ("cancelled", None)


def test_not_after(order: Order, ann_actor: Actor, bo: Shop, clerk: Clerk) -> None:
    invoice = request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
    issue_invoice(invoice.pk, actor=bo.actor, now=NOW)
    with pytest.raises(Refusal) as no:
        cancel_invoice(invoice.pk, actor=ann_actor, now=NOW)
    assert no.value.code.name == "wrong_state"
    assert Invoice.objects.get().state == "issued"
