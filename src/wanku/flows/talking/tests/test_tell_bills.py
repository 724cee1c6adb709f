"""Finance hears of late bills, of bills that differ, and of cases that wait."""

from datetime import timedelta

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.remind_cases import remind_cases
from wanku.flows.reconciling.resolve_case import resolve_case
from wanku.flows.talking.tell_moves import tell_moves
from wanku.notices.models import Notice
from wanku.payments.channel import BillRow
from wanku.reconciliation.models import Bill, FinanceCase


def told() -> list[tuple[str, str]]:
    """Kinds of notices and where they lead."""
    tell_moves(now=NOW, limit=200)
    return list(Notice.objects.order_by("id").values_list("kind", "link"))


@pytest.mark.django_db
def test_a_bill_that_differs_and_a_case_that_waits(channel: Billed, di_actor: Actor) -> None:
    channel.rows.append(BillRow("payment", "stranger", "R", 50_000, 0, "CNY", NOW))
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    bill, case = Bill.objects.get(), FinanceCase.objects.get()
    remind_cases(now=NEXT_MORNING + timedelta(days=1), limit=9)
    resolve_case(case.pk, "write_off", actor=di_actor, because="来源不明", now=NEXT_MORNING)
    there = f"/platform/reconciliation/cases/{case.pk}/"
    assert told() == [
        ("bill_differs", f"/platform/reconciliation/{bill.pk}/"),
        ("case_open", there),
        ("write_off_proposed", there),
    ]


@pytest.mark.django_db
def test_a_bill_that_agrees_is_told_to_nobody(channel: Billed) -> None:
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    assert told() == []
