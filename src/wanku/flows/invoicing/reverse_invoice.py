"""The shop takes an issued invoice back because something on it is wrong."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.invoicing._rows import add_red_letter, lock_order
from wanku.flows.invoicing._send import send
from wanku.flows.invoicing._who import found_by
from wanku.invoices.models import Invoice
from wanku.invoices.states import ISSUED
from wanku.kernel.refusal import BAD_VALUE, WRONG_STATE, Refusal, gettext_noop
from wanku.kernel.text import clean

REASON_MAX: Final = 60
NO_REASON: Final = gettext_noop("Say why, in 1 to 60 characters; it stands on the red letter.")


def reverse_invoice(invoice_id: UUID, *, because: str, actor: Actor, now: datetime) -> Invoice:
    """Issue a red letter over the whole of an invoice; the buyer may then ask for another one.

    Returns:
        the red letter: ``issued``, or ``sent`` while the provider is at it.

    Raises:
        Refusal: ``not_found``, ``not_allowed`` for others; ``bad_value`` for ``because``; ``wrong_state`` for what is
            not issued, is a red letter itself, or has one already.
    """
    found, by = found_by(invoice_id, actor)
    because = clean(because)
    if not 1 <= len(because) <= REASON_MAX:
        raise Refusal(BAD_VALUE, field="because", problem=NO_REASON)
    with transaction.atomic():
        lock_order(found.order_id)
        invoice = Invoice.objects.select_for_update(no_key=True, of=("self",)).select_related("order").get(pk=found.pk)
        if invoice.state != ISSUED or invoice.is_red or invoice.red_letters.exists():
            raise Refusal(WRONG_STATE, state=invoice.state)
        red = add_red_letter(invoice, refund=None, because=because, by=by, now=now, at_once=True)
    send(red.pk, now)
    return Invoice.objects.get(pk=red.pk)
