"""Reports of bank transfers that nobody has confirmed in time."""

from datetime import datetime

from django.db import transaction

from wanku.audit.move import By, Step, move_all
from wanku.audit.rules import due
from wanku.kernel.states import CLOCK
from wanku.payments.models import BankTransfer


def remind_transfers(*, now: datetime, limit: int = 100) -> int:
    """Remind finance of reports whose clock has run out, and start it again; returns how many.

    Args:
        limit: rows in this batch; rows that another sweeper holds are left to it.
    """
    with transaction.atomic():
        rows = BankTransfer.objects.filter(due_at__lte=now).select_related("attempt").order_by("due_at", "pk")
        found = list(rows.select_for_update(no_key=True, skip_locked=True, of=("self",))[:limit])
        again = due("late_reminder", now)
        steps = [
            Step(t, due_at=again, facts={"amount": t.amount, "currency": t.currency, "reference": t.reference})
            for t in found
        ]
        move_all(steps, "remind", by=By(CLOCK), now=now)
    return len(found)
