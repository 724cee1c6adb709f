"""The shop issues an invoice that was asked for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.invoicing._reckon import reckon
from wanku.flows.invoicing._rows import lock_order, take_up
from wanku.flows.invoicing._send import send
from wanku.flows.invoicing._who import found_by
from wanku.invoices.models import Invoice
from wanku.invoices.refusals import NOTHING_TO_INVOICE
from wanku.invoices.states import REQUESTED
from wanku.kernel.refusal import NOT_ALLOWED, WRONG_STATE, Refusal, gettext_noop
from wanku.kernel.states import PLATFORM


def issue_invoice(invoice_id: UUID, *, actor: Actor, now: datetime) -> Invoice:
    """Freeze what stands on it, commit to it, and have the shop's provider issue it.

    The shop does this, or the platform for a shop that has let its time pass.

    Returns:
        the invoice: ``issued``; ``sent`` while the provider is at it or down; ``requested`` again when it refused, with
        its words in ``failure``.

    Raises:
        Refusal: ``not_found``, ``not_allowed`` for others, and for the platform before the shop's time is over;
            ``wrong_state`` unless it waits; ``nothing_to_invoice``.
    """
    found, by = found_by(invoice_id, actor)
    with transaction.atomic():
        order = lock_order(found.order_id)
        invoice = Invoice.objects.select_for_update(no_key=True, of=("self",)).get(pk=invoice_id)
        if invoice.state != REQUESTED:
            raise Refusal(WRONG_STATE, state=invoice.state)
        if by.kind == PLATFORM and now < invoice.issue_by:
            raise Refusal(NOT_ALLOWED, because=gettext_noop("the shop still has time"))
        left = reckon(order)
        if not left.amount:
            raise Refusal(NOTHING_TO_INVOICE)
        take_up(invoice, left, by=by, now=now)
    send(invoice.pk, now)
    return Invoice.objects.get(pk=invoice_id)
