"""Invoices that shops have not issued in time."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.remind_invoices import remind_invoices
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.talking.tell_moves import tell_moves
from wanku.invoices.models import Invoice
from wanku.invoices.titles import Wanted
from wanku.notices.models import Notice
from wanku.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(ann_actor: Actor, bo: Shop) -> Invoice:
    """Asked for, and its time is over."""
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    wanted = Wanted("personal", "安", email="tax@example.com")
    row = request_invoice(order.pk, wanted, actor=ann_actor, now=NOW)
    remind_invoices(now=row.issue_by)
    row.refresh_from_db()
    return row


def test_it_is_on_the_list_and_issued_for_the_shop(client: Client, di: Person, late: Invoice, clerk: Clerk) -> None:
    client.force_login(di)
    assert late.title in client.get("/platform/invoices/").content.decode()
    with time_machine.travel(late.issue_by + timedelta(hours=1), tick=True):
        client.force_login(di)
        assert client.post(f"/platform/invoices/{late.pk}/issue/").status_code == 303
    late.refresh_from_db()
    assert late.state == "issued"
    assert client.get(f"/platform/invoices/{late.number}.pdf").content == Clerk.paper(late.number)


def test_everybody_concerned_is_told_once(late: Invoice) -> None:
    tell_moves(now=late.issue_by, limit=100)
    remind_invoices(now=late.issue_by + timedelta(days=1))
    tell_moves(now=late.issue_by + timedelta(days=1), limit=100)
    kinds = Notice.objects.filter(kind__startswith="invoice").order_by("pk").values_list("kind", "channel")
    assert sorted(kinds) == [
        ("invoice_late", "email"),
        ("invoice_late", "in_app"),
        ("invoice_neglected", "in_app"),
        ("invoice_overdue", "email"),
        ("invoice_overdue", "email"),
        ("invoice_overdue", "in_app"),
        ("invoice_overdue", "in_app"),
        ("invoice_requested", "in_app"),
    ]
    # The buyer is written to where they asked to be.
    assert Notice.objects.get(kind="invoice_late", channel="email").address == "tax@example.com"


def test_the_number_of_queries_does_not_grow(
    client: Client, di: Person, late: Invoice, ann_actor: Actor, bo: Shop
) -> None:
    """However many places the frame of the desk has."""
    client.force_login(di)
    client.get("/platform/invoices/?tab=all")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/platform/invoices/?tab=all")
        counts.append(len(queries))
        for _ in range(3):
            order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
            request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
    assert counts[0] == counts[1]
