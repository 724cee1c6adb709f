"""Money went back after an invoice was issued: a red letter, and a new invoice for what is left."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from wanku.audit.move import By, move
from wanku.flows.invoicing._reckon import reckon
from wanku.flows.invoicing._rows import add_red_letter, lock_order, lock_standing, reflect
from wanku.invoices.models import Invoice, Reflection
from wanku.invoices.states import ISSUED, REQUESTED
from wanku.kernel.states import SYSTEM
from wanku.payments.models import Refund
from wanku.payments.states import SUCCEEDED

log = logging.getLogger(__name__)
LOOK_BACK: Final = timedelta(days=90)
"""Refunds that arrived before are done with; it keeps the search short."""
BECAUSE: Final = "退款"
"""Stands on the red letter, so it is in Chinese."""


def reverse_for_refunds(*, now: datetime, limit: int = 50) -> int:
    """Take each refund that arrived into account, once: whatever its invoice has come to.

    A standing invoice gets a red letter over the whole of it, as Chinese practice asks; the new one follows once that
    is issued. A wish for which nothing is left is called off. While a red letter is under way,
    further refunds wait: the new invoice leaves them out.

    Returns:
        how many refunds were dealt with.
    """
    standing = Invoice.objects.filter(order=OuterRef("order"), original=None)
    untouched = standing.filter(state=ISSUED).exclude(Exists(Invoice.objects.filter(original=OuterRef("pk"))))
    arrived = Refund.objects.filter(state=SUCCEEDED, succeeded_at__gte=now - LOOK_BACK)
    new = arrived.filter(~Exists(Reflection.objects.filter(refund=OuterRef("pk"))))
    found = new.filter(Exists(untouched) | Exists(standing.filter(state=REQUESTED)))
    ids = list(found.order_by("succeeded_at", "pk").values_list("pk", "order_id")[:limit])
    taken = 0
    for refund_id, order_id in ids:
        try:
            taken += _take(refund_id, order_id, now)
        except Exception:
            log.exception("refund %s could not be taken into account on its invoice; the others are", refund_id)
    return taken


def _take(refund_id: UUID, order_id: UUID, now: datetime) -> bool:
    with transaction.atomic():
        order = lock_order(order_id)
        invoice = lock_standing(order)
        if invoice is None or Reflection.objects.filter(pk=refund_id).exists():
            return False
        if invoice.state == ISSUED and not invoice.red_letters.exists():
            refund = Refund.objects.get(pk=refund_id)
            red = add_red_letter(invoice, refund=refund, because=BECAUSE, by=By(SYSTEM), now=now, at_once=False)
            reflect(red, [refund_id])
            return True
        if invoice.state == REQUESTED:
            # What is left is put down when it is issued.
            reflect(invoice, [refund_id])
            if not reckon(order).amount:
                move(invoice, "void", by=By(SYSTEM), now=now, because="refunded")
            return True
    return False
