"""Shops that issue by themselves: invoices of orders that are complete."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from wanku.audit.move import By, move
from wanku.flows.invoicing._reckon import reckon
from wanku.flows.invoicing._rows import lock_order, lock_standing, take_up
from wanku.flows.invoicing._send import send
from wanku.invoices.models import Invoice, Issuer
from wanku.invoices.states import REQUESTED
from wanku.kernel.states import SYSTEM
from wanku.orders.states import COMPLETED

log = logging.getLogger(__name__)


def issue_completed(*, now: datetime, limit: int = 20) -> int:
    """Issue what was asked for once its order is complete, for every shop that has not switched that off.

    What a provider refused is left to the shop.

    Returns:
        how many were taken up.
    """
    by_hand = Issuer.objects.filter(merchant=OuterRef("merchant"), automatic=False)
    rows = Invoice.objects.filter(state=REQUESTED, order__state=COMPLETED, failure="").exclude(Exists(by_hand))
    found = list(rows.order_by("requested_at").values_list("order_id", flat=True)[:limit])
    taken = 0
    for order_id in found:
        try:
            taken += _issue(order_id, now)
        except Exception:
            log.exception("the invoice of order %s could not be issued; the others are", order_id)
    return taken


def _issue(order_id: UUID, now: datetime) -> bool:
    with transaction.atomic():
        order = lock_order(order_id)
        invoice = lock_standing(order)
        if invoice is None or invoice.state != REQUESTED or invoice.failure:
            return False
        left = reckon(order)
        if not left.amount:
            move(invoice, "void", by=By(SYSTEM), now=now, because="refunded")
            return True
        take_up(invoice, left, by=By(SYSTEM), now=now)
    send(invoice.pk, now)
    return True
