"""Shops issue what was asked for."""

import hashlib

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cast import NOW, Shop, open_shop
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.set_issuer import set_issuer
from wanku.flows.invoicing.tests.conftest import Refunded
from wanku.invoices.models import Document, Invoice, Reflection
from wanku.invoices.provider import Issued, Pending, ProviderDown, ProviderRefused
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Staff
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(order: Order, ann_actor: Actor) -> Invoice:
    """Ann waits for it."""
    return request_invoice(order.pk, Wanted("company", "玩酷", "91350100M000100Y43"), actor=ann_actor, now=NOW)


def test_it_is_over_what_was_paid(asked: Invoice, order: Order, bo: Shop, clerk: Clerk) -> None:
    set_issuer(bo.merchant.pk, automatic=False, tax_bp=600, actor=bo.actor, now=NOW)
    invoice = issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    assert (invoice.state, invoice.due_at, invoice.issued_at, invoice.ref) == ("issued", None, NOW, "tax-1")
    assert invoice.amount == order.amount == sum(line.amount for line in invoice.sheet_lines)
    assert invoice.tax == sum(line.tax for line in invoice.sheet_lines) == round(order.amount * 6 / 106)
    sheet = clerk.heard[0]
    assert (sheet.buyer.tax_number, sheet.seller.name) == ("91350100M000100Y43", "Bo 茶行有限公司")
    assert sheet.verify_url.endswith(f"/invoice/?number={invoice.number}&code={invoice.code}")
    document = Document.objects.get(invoice=invoice)
    assert bytes(document.sha256) == hashlib.sha256(bytes(document.content)).digest()


def test_what_went_back_or_is_on_its_way_is_left_out(
    asked: Invoice, order: Order, bo: Shop, clerk: Clerk, refunded: Refunded
) -> None:
    refunded(order, 5_000)
    refunded(order, 14_801, state="sent")
    invoice = issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    assert invoice.amount == order.amount - 19_801
    assert [(line.title, line.amount) for line in invoice.sheet_lines] == [("茶杯", 9_899)]
    assert Reflection.objects.filter(invoice=invoice).count() == 2


def test_the_platform_may_for_a_silent_shop_and_nobody_else(
    asked: Invoice, bo: Shop, clerk: Clerk, ann_actor: Actor, other_actor: Actor, di_actor: Actor
) -> None:
    cy = open_shop("cy", "Cy 箱包")
    clerk_seat = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "clerk"}, merchant_id=bo.merchant.pk)
    support = Actor(person_id=bo.owner.pk, platform=frozenset({"first_line"}))
    for actor, code in (
        (ann_actor, "not_allowed"),
        (other_actor, "not_found"),
        (cy.actor, "not_found"),
        (clerk_seat, "not_found"),
        (support, "not_found"),
        (Actor(), "not_found"),
        # The shop still has time.
        (di_actor, "not_allowed"),
    ):
        with pytest.raises(Refusal) as no:
            issue_invoice(asked.pk, actor=actor, now=NOW)
        assert no.value.code.name == code
    assert Invoice.objects.get().state == "requested" and not clerk.heard and Staff.objects.exists()
    assert issue_invoice(asked.pk, actor=di_actor, now=asked.issue_by).state == "issued"


def test_twice_is_once(asked: Invoice, bo: Shop, clerk: Clerk) -> None:
    issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    with pytest.raises(Refusal) as no:
        issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    assert no.value.code.name == "wrong_state" and len(clerk.heard) == 1 and Document.objects.count() == 1


def test_nothing_is_left(asked: Invoice, order: Order, bo: Shop, clerk: Clerk, refunded: Refunded) -> None:
    refunded(order, order.amount)
    with pytest.raises(Refusal) as no:
        issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    assert no.value.code.name == "nothing_to_invoice" and Invoice.objects.get().state == "requested"


def test_a_provider_that_is_down_or_slow_leaves_it_sent(asked: Invoice, bo: Shop, clerk: Clerk) -> None:
    clerk.answer = ProviderDown("no line")
    assert issue_invoice(asked.pk, actor=bo.actor, now=NOW).state == "sent"
    assert not Document.objects.exists()


def test_pending_keeps_the_providers_number(asked: Invoice, bo: Shop, clerk: Clerk) -> None:
    clerk.answer = Pending("p-7")
    invoice = issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    assert (invoice.state, invoice.ref) == ("sent", "p-7")


def test_a_refusal_goes_back_to_the_shop_in_words(asked: Invoice, bo: Shop, clerk: Clerk) -> None:
    clerk.answer = ProviderRefused("no_quota", "本月额度不足")
    invoice = issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    assert (invoice.state, invoice.failure, invoice.amount, invoice.due_at) == (
        "requested",
        "本月额度不足",
        0,
        asked.issue_by,
    )
    clerk.answer = Issued(b"%PDF")
    assert issue_invoice(asked.pk, actor=bo.actor, now=NOW).failure == ""


@pytest.mark.parametrize("change", ["UPDATE invoices_document SET content = ''", "DELETE FROM invoices_document"])
def test_a_document_is_never_changed(asked: Invoice, bo: Shop, clerk: Clerk, change: str) -> None:
    issue_invoice(asked.pk, actor=bo.actor, now=NOW)
    with pytest.raises(DatabaseError, match="append"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert bytes(Document.objects.get().content) == clerk.paper(asked.number)
