"""Freezes that finance has not looked at again."""

from datetime import datetime

from django.db import transaction

from wanku.audit.move import By, Step, move_all
from wanku.audit.rules import due
from wanku.kernel.states import CLOCK, SYSTEM
from wanku.ledger.freezes import left_of
from wanku.ledger.models import Freeze
from wanku.ledger.states import ENDED


def remind_freezes(*, now: datetime, limit: int = 100) -> int:
    """Remind finance and the shop of freezes whose clock has run out, and start it again; end those that are spent.

    A freeze never thaws by itself: it was set for a reason, and silence is none to undo it.

    Args:
        limit: rows in this batch; rows that another sweeper holds are left to it.

    Returns:
        how many were found due.
    """
    with transaction.atomic():
        rows = Freeze.objects.filter(due_at__lte=now).order_by("due_at", "pk")
        found = list(rows.select_for_update(no_key=True, skip_locked=True)[:limit])
        left = left_of(found)
        spent = [freeze for freeze in found if not left[freeze.pk]]
        move_all([Step(freeze, because="spent") for freeze in spent], "thaw", by=By(SYSTEM), now=now)
        Freeze.objects.filter(pk__in=[freeze.pk for freeze in spent], state=ENDED).update(ended_at=now)
        again = due("review_freeze", now)
        lasting = [freeze for freeze in found if left[freeze.pk]]
        steps = [
            Step(f, due_at=again, facts={"amount": left[f.pk], "currency": f.currency, "because": f.because})
            for f in lasting
        ]
        move_all(steps, "remind", by=By(CLOCK), now=now)
    return len(found)
