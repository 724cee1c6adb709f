"""Two at the same moment: one invoice, one red letter. With the locks off the race must appear."""

from typing import Any

import pytest
from django.db import IntegrityError

from tests.at_once import Meeting, at_once, locks_off
from tests.cast import NOW, Shop
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.reverse_for_refunds import reverse_for_refunds
from wanku.flows.invoicing.tests.conftest import Refunded
from wanku.invoices.models import Document, Invoice, Reflection
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db(transaction=True)
both = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])


@pytest.fixture
def asked(order: Order, ann_actor: Actor, clerk: Clerk) -> Invoice:
    """Ann waits for it."""
    return request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)


@both
def test_two_issue(locked: bool, asked: Invoice, bo: Shop, clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    Meeting().before(monkeypatch, "wanku.flows.invoicing.issue_invoice.take_up")
    if not locked:
        # Both have committed and read before either is answered, or the first one's end would stop the second.
        Meeting().before(monkeypatch, "wanku.flows.invoicing._send._ask")
        locks_off(monkeypatch)
    results: list[Any] = at_once(*[lambda: issue_invoice(asked.pk, actor=bo.actor, now=NOW)] * 2)
    if not locked:
        assert len(clerk.heard) == 2
        return
    assert [each.code.name for each in results if isinstance(each, Refusal)] == ["wrong_state"]
    assert len(clerk.heard) == 1 and Document.objects.count() == 1


@both
def test_two_sweepers_see_the_same_refund(
    *,
    locked: bool,
    asked: Invoice,
    bo: Shop,
    order: Order,
    refunded: Refunded,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    refunded(order, 100)
    Meeting().before(monkeypatch, "wanku.flows.invoicing.reverse_for_refunds.add_red_letter")
    if not locked:
        locks_off(monkeypatch)
    results: list[Any] = at_once(*[lambda: reverse_for_refunds(now=NOW)] * 2)
    # The database would not have two either; but then one of them fails, which the sweeper logs.
    failed = [each.exc_info[0] for each in caplog.records if each.exc_info]
    assert failed == ([] if locked else [IntegrityError])
    assert Invoice.objects.filter(original=asked).count() == 1 and Reflection.objects.count() == 1
    if locked:
        assert sorted(results) == [0, 1]
