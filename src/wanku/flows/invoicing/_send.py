"""Calling the provider for what was committed, outside of any transaction, and acting on its answer."""

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction

from wanku.audit.move import By, move
from wanku.audit.rules import current
from wanku.flows.invoicing._reckon import reckon
from wanku.flows.invoicing._rows import add_rest, lock_order
from wanku.invoices.models import Document, Invoice
from wanku.invoices.provider import Issued, Party, Pending, Provider, ProviderDown, ProviderRefused, Sheet
from wanku.invoices.providers import PROVIDERS
from wanku.invoices.states import SENT
from wanku.kernel.ids import spaced
from wanku.kernel.states import SYSTEM

log = logging.getLogger(__name__)
FAILURE_MAX: Final = 200


def send(invoice_id: UUID, now: datetime) -> None:
    """Have a sent invoice issued, or ask what became of it; nothing for one in another state.

    A provider that is down leaves it as it is: its clock has it asked again.
    """
    invoice = Invoice.objects.select_related("order", "merchant", "original", "follows__original").get(pk=invoice_id)
    if invoice.state != SENT:
        return
    outcome: Issued | Pending | ProviderRefused
    try:
        outcome = _ask(PROVIDERS[invoice.provider], sheet_of(invoice), again=invoice.tries > 1)
    except ProviderDown as down:
        log.warning("the provider of invoice %s is down: %s", invoice.number, down)
        return
    except ProviderRefused as no:
        outcome = no
    _settle(invoice, outcome, now)


def _ask(provider: Provider, sheet: Sheet, *, again: bool) -> Issued | Pending:
    known = provider.query(sheet) if again else None
    if known is not None:
        return known
    return provider.reverse(sheet) if sheet.is_red else provider.issue(sheet)


def sheet_of(invoice: Invoice) -> Sheet:
    """What the provider hears; the same on every try. Read with order, merchant, original and what it follows."""
    original = invoice.original
    return Sheet(
        number=invoice.number,
        dated=invoice.sent_at or invoice.requested_at,
        seller=Party(invoice.merchant.legal_name, invoice.merchant.credit_code),
        buyer=Party(invoice.title, invoice.tax_number),
        currency=invoice.currency,
        lines=invoice.sheet_lines,
        order_number=invoice.order.number,
        code=invoice.code,
        verify_url=f"{settings.PUBLIC_URL}/invoice/?{urlencode({'number': invoice.number, 'code': invoice.code})}",
        original_number=original.number if original else "",
        original_ref=original.ref if original else "",
        remark=_remark(invoice),
    )


def _remark(invoice: Invoice) -> str:
    """One line in Chinese, like the document."""
    if invoice.original is not None:
        return f"红字冲销 {spaced(invoice.original.number)}；原因：{invoice.because}"
    if invoice.follows is not None and invoice.follows.original is not None:
        return f"部分退款后重开，原 {spaced(invoice.follows.original.number)} 已冲销"
    return ""


def _settle(sent: Invoice, outcome: Issued | Pending | ProviderRefused, now: datetime) -> None:
    """Act on an answer once: whoever comes second finds the invoice in another state."""
    with transaction.atomic():
        order = lock_order(sent.order_id)
        ids = [pk for pk in (sent.original_id, sent.pk) if pk is not None]
        rows = Invoice.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
        locked = {row.pk: row for row in rows}
        invoice = locked[sent.pk]
        if invoice.state != SENT:
            return
        if isinstance(outcome, ProviderRefused):
            _refused(invoice, outcome, now)
        elif isinstance(outcome, Pending):
            invoice.ref = outcome.ref
            invoice.save(update_fields=["ref"])
        else:
            _issued(invoice, outcome, now)
            original = locked.get(sent.original_id) if sent.original_id else None
            if original is not None:
                original.reversed_at = now
                original.save(update_fields=["reversed_at"])
                facts = {"red_letter": invoice.number}
                move(original, "reverse", by=By(SYSTEM), now=now, because=invoice.because, facts=facts)
                if invoice.refund_id is not None:
                    add_rest(invoice, original, reckon(order), now=now)


def _issued(invoice: Invoice, outcome: Issued, now: datetime) -> None:
    invoice.ref = outcome.ref
    invoice.issued_at = now
    invoice.failure = ""
    invoice.save(update_fields=["ref", "issued_at", "failure"])
    Document.objects.create(
        invoice=invoice,
        content=outcome.document,
        media_type=outcome.media_type,
        sha256=hashlib.sha256(outcome.document).digest(),
        stored_at=now,
    )
    event = "issue_red" if invoice.is_red else "issue"
    move(invoice, event, by=By(SYSTEM), now=now, facts={"amount": invoice.amount})


def _refused(invoice: Invoice, no: ProviderRefused, now: datetime) -> None:
    """The shop looks at a blue one again; a red letter is tried again by its clock, and is on the platform's list."""
    invoice.failure = (no.text or no.code)[:FAILURE_MAX]
    if invoice.is_red:
        invoice.save(update_fields=["failure"])
        return
    invoice.lines, invoice.amount, invoice.tax = [], 0, 0
    invoice.save(update_fields=["failure", "lines", "amount", "tax"])
    later = max(invoice.issue_by, now + timedelta(seconds=current()["late_reminder"]))
    move(invoice, "refuse", by=By(SYSTEM), now=now, due_at=later, because=no.code[:60])
