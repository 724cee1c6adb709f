"""Shops that stay silent."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.invoicing.remind_invoices import remind_invoices
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.invoices.models import Invoice
from wanku.invoices.titles import Wanted
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_reminded_when_the_clock_has_run_out_and_then_daily(order: Order, ann_actor: Actor) -> None:
    asked = request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
    assert remind_invoices(now=asked.issue_by - timedelta(seconds=1)) == 0
    assert remind_invoices(now=asked.issue_by) == 1
    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.late_since, invoice.due_at) == ("requested", asked.issue_by, asked.issue_by + DAY)
    assert remind_invoices(now=asked.issue_by) == 0
    assert remind_invoices(now=asked.issue_by + 3 * DAY) == 1
    facts = list(Move.objects.filter(event="overdue").order_by("pk").values_list("facts", flat=True))
    assert [(each["reminder"], each["lapse"]) for each in facts] == [(0, True), (3, False)]
    assert Invoice.objects.get().late_since == asked.issue_by
