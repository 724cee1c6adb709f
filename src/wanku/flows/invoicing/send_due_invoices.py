"""Invoices and red letters that wait for their provider."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from wanku.audit.move import By, Step, move_all
from wanku.audit.rules import current
from wanku.flows.invoicing._send import send
from wanku.invoices.models import Invoice
from wanku.invoices.states import SENT
from wanku.kernel.states import CLOCK

log = logging.getLogger(__name__)
WAIT_SECONDS_MAX: Final = 6 * 3600


def send_due_invoices(*, now: datetime, limit: int = 20) -> int:
    """Commit that due ones are being sent, then call their providers one by one. Others' rows are left to them.

    What was called before is asked about first, so that a number is never issued twice. The distance between tries
    doubles, up to six hours.

    Returns:
        how many were taken up.
    """
    with transaction.atomic():
        rows = Invoice.objects.filter(state=SENT, due_at__lte=now).order_by("due_at")
        invoices = list(rows.select_for_update(no_key=True, skip_locked=True)[:limit])
        gap = current()["invoice_query"]
        for invoice in invoices:
            invoice.tries = min(invoice.tries + 1, 30_000)
        Invoice.objects.bulk_update(invoices, ["tries"])
        move_all([Step(i, due_at=now + _wait(gap, i.tries)) for i in invoices], "ask", by=By(CLOCK), now=now)
    for invoice in invoices:
        try:
            send(invoice.pk, now)
        except Exception:
            log.exception("invoice %s could not be sent; its clock has it tried again", invoice.number)
    return len(invoices)


def _wait(gap: int, tries: int) -> timedelta:
    return timedelta(seconds=min(gap * 2 ** min(tries - 1, 20), max(gap, WAIT_SECONDS_MAX)))
