"""Nobody at the platform has acted: finance is reminded."""

from datetime import datetime

from django.db import transaction

from wanku.audit.move import By, Step, move_all
from wanku.audit.rules import due
from wanku.kernel.states import CLOCK
from wanku.settlement.models import Payout, Settlement
from wanku.settlement.states import CREATED, PAYABLE


def remind_payouts(*, now: datetime, limit: int = 100) -> int:
    """Remind of settlements that nobody pays and of payouts that nobody approves; neither ever happens by itself.

    Returns:
        how many were reminded of.
    """
    with transaction.atomic():
        unpaid = Settlement.objects.filter(state=PAYABLE, due_at__lte=now).order_by("due_at")
        settlements = list(unpaid.select_for_update(no_key=True, skip_locked=True)[:limit])
        move_all([Step(row, due_at=due("pay_out", now)) for row in settlements], "remind", by=By(CLOCK), now=now)
    with transaction.atomic():
        waiting = Payout.objects.filter(state=CREATED, due_at__lte=now).order_by("due_at")
        payouts = list(waiting.select_for_update(no_key=True, skip_locked=True)[:limit])
        move_all([Step(row, due_at=due("approve_payout", now)) for row in payouts], "remind", by=By(CLOCK), now=now)
    return len(settlements) + len(payouts)
