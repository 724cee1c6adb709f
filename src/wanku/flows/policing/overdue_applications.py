"""Applications that nobody looked at in time."""

from datetime import datetime

from django.db import transaction

from wanku.audit.move import By, Step, move_all
from wanku.audit.rules import due
from wanku.kernel.states import CLOCK
from wanku.merchants.models import Merchant


def overdue_applications(*, now: datetime, limit: int = 100) -> int:
    """Remind the platform of applications whose clock has run out, and start the clock again.

    An application never approves itself: an unchecked shop would take other people's money.

    Args:
        limit: rows in this batch; rows that another sweeper holds are left to it.

    Returns:
        how many were found due.
    """
    with transaction.atomic():
        rows = Merchant.objects.filter(due_at__lte=now).order_by("due_at", "pk")
        found = list(rows.select_for_update(no_key=True, skip_locked=True)[:limit])
        again = due("approve_merchant", now)
        steps = [Step(m, due_at=again, facts={"applied_at": m.applied_at.isoformat()}) for m in found]
        move_all(steps, "overdue", by=By(CLOCK), now=now)
    return len(found)
