"""The clock of finance cases: nobody's silence closes one."""

from datetime import datetime

from django.db import transaction

from wanku.audit.move import By, Step, move_all
from wanku.audit.rules import due
from wanku.kernel.states import CLOCK
from wanku.reconciliation.models import FinanceCase
from wanku.reconciliation.states import CASE_MACHINE, EXPECTED, PROPOSED


def remind_cases(*, now: datetime, limit: int) -> int:
    """Remind finance of open cases; open again what nobody approved and what no bill brought; returns how many."""
    with transaction.atomic():
        rows = FinanceCase.objects.filter(due_at__lte=now).order_by("due_at", "pk").select_related("attempt", "refund")
        found = list(rows.select_for_update(no_key=True, skip_locked=True, of=("self",))[:limit])
        undone = [case.pk for case in found if case.state in (PROPOSED, EXPECTED)]
        FinanceCase.objects.filter(pk__in=undone).update(resolution="", proposed_by=None)
        again = due("finance_case", now)
        for state, waiting in CASE_MACHINE.waiting.items():
            steps = [Step(case, due_at=again, facts=case.told) for case in found if case.state == state]
            move_all(steps, waiting.silence, by=By(CLOCK), now=now)
    return len(found)
