"""Silence closes no case: finance is reminded, a proposal lapses, what the next bill did not bring is open again."""

from datetime import timedelta

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.cast import NOW
from wanku.audit.models import Move
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.remind_cases import remind_cases
from wanku.payments.channel import BillRow
from wanku.reconciliation.models import FinanceCase

DUE = NEXT_MORNING + timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "event"), [("open", "remind"), ("proposed", "lapse"), ("expected", "disappoint")])
def test_outcomes_of_silence(channel: Billed, state: str, event: str) -> None:
    channel.rows.append(BillRow("payment", "stranger", "R", 500, 0, "CNY", NOW))
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    FinanceCase.objects.update(state=state, proposed_by=None if state == "open" else 7, resolution="")
    assert remind_cases(now=DUE - timedelta(seconds=1), limit=9) == 0
    assert [remind_cases(now=DUE, limit=9) for _ in range(2)] == [1, 0]
    case = FinanceCase.objects.get()
    assert (case.state, case.due_at, case.proposed_by) == ("open", DUE + timedelta(days=1), None)
    move = Move.objects.get(subject_type="finance_case")
    assert (move.event, move.actor, move.to_state) == (event, "clock", "open")
