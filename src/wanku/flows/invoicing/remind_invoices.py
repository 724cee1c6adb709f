"""Invoices that a shop has not issued in time."""

from datetime import datetime, timedelta

from django.db import transaction

from wanku.audit.move import By, Step, move_all
from wanku.audit.rules import current
from wanku.invoices.models import Invoice
from wanku.invoices.states import REQUESTED
from wanku.kernel.states import CLOCK


def remind_invoices(*, now: datetime, limit: int = 100) -> int:
    """Remind shops whose clock has run out, at once and then daily (rule ``late_reminder``).

    The first time sets ``late_since``, which stays and counts as a lapse; from then on the platform has it on its list
    and may issue it for the shop.

    Returns:
        how many were found due.
    """
    with transaction.atomic():
        rows = Invoice.objects.filter(state=REQUESTED, due_at__lte=now).order_by("due_at")
        found = list(rows.select_for_update(no_key=True, skip_locked=True)[:limit])
        gap = timedelta(seconds=current()["late_reminder"])
        steps = [_step(invoice, gap, now) for invoice in found]
        for invoice in found:
            invoice.late_since = invoice.late_since or invoice.issue_by
        Invoice.objects.bulk_update(found, ["late_since"])
        move_all(steps, "overdue", by=By(CLOCK), now=now)
    return len(found)


def _step(invoice: Invoice, gap: timedelta, now: datetime) -> Step:
    first = invoice.late_since is None
    reminder = 0 if first else max(1, (now - invoice.issue_by) // gap)
    facts = {"reminder": reminder, "since": (invoice.late_since or invoice.issue_by).isoformat(), "lapse": first}
    return Step(invoice, due_at=now + gap, because="not_issued", facts=facts)
