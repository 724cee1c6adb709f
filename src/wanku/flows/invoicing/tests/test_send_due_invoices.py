"""The provider is asked again, later and later."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.send_due_invoices import send_due_invoices
from wanku.invoices.models import Invoice
from wanku.invoices.provider import Issued, ProviderDown
from wanku.invoices.titles import Wanted
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db


def test_it_is_asked_about_and_told_again_only_when_unheard_of(
    order: Order, ann_actor: Actor, bo: Shop, clerk: Clerk
) -> None:
    clerk.answer = ProviderDown("slow")
    asked = request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
    issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    assert send_due_invoices(now=NOW) == 0
    when, waits = NOW, []
    for _ in range(12):
        invoice = Invoice.objects.get()
        assert invoice.due_at is not None
        waits.append((invoice.due_at - when).total_seconds())
        when = invoice.due_at
        assert send_due_invoices(now=when) == 1
    assert waits[:3] == [60, 120, 240] and max(waits) == 6 * 3600
    # Every sheet was the same, so a provider can tell that it is one invoice.
    assert all(sheet == clerk.heard[0] for sheet in clerk.heard)
    clerk.answer = Issued(b"%PDF")
    send_due_invoices(now=when + timedelta(days=1))
    assert Invoice.objects.get().state == "issued" and Invoice.objects.get().issued_at == when + timedelta(days=1)
