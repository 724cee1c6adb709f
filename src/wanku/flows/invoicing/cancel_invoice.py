"""A buyer no longer wants the invoice that they asked for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import move
from wanku.flows.invoicing._rows import lock_order
from wanku.invoices.models import Invoice
from wanku.kernel.refusal import NOT_FOUND, Refusal


def cancel_invoice(invoice_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take back a wish that was not sent yet; a new one may be made at any time.

    Raises:
        Refusal: ``not_found`` for others, ``wrong_state`` once it was sent.
    """
    found = Invoice.objects.bought_by(actor).filter(pk=invoice_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    with transaction.atomic():
        lock_order(found.order_id)
        invoice = Invoice.objects.select_for_update(no_key=True, of=("self",)).get(pk=invoice_id)
        move(invoice, "cancel", by=actor.as_buyer(), now=now)
