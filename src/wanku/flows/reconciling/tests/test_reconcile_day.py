"""From the bill to zero difference in one call, again and again."""

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.tests.conftest import Pay
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.reconciliation.models import Bill


def test_all_three_steps(channel: Billed, pay: Pay) -> None:
    pay()
    for _ in range(2):
        done = reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
        assert (done.rows, done.matched, done.cases) == (1, 1, 0)
    bill = Bill.objects.get()
    assert bill.state == "matched"
    assert bill.ours == bill.theirs
    assert Entry.objects.filter(reason="channel_fees").count() == 1
    assert [check.code for check in prove_books() if not check.holds] == []


def test_a_crash_after_the_fetch_is_made_up_for(channel: Billed, pay: Pay, monkeypatch: pytest.MonkeyPatch) -> None:
    pay()

    def crash(bill_id: object, *, now: object) -> int:
        raise RuntimeError("crash")

    with monkeypatch.context() as patched:
        patched.setattr("wanku.flows.reconciling.reconcile_day.book_fees", crash)
        with pytest.raises(RuntimeError):
            reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    assert Bill.objects.get().state == "fetched"
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    assert Bill.objects.get().state == "matched"


def test_no_bill_yet(channel: Billed, pay: Pay) -> None:
    channel.late = True
    with pytest.raises(Refusal):
        reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    assert not Bill.objects.exists()
