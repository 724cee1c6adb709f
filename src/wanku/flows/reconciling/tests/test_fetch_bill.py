"""The bill is kept as the channel wrote it; again, nothing happens; corrected, nothing that is settled is replaced."""

from datetime import timedelta

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.cast import NOW
from wanku.audit.models import Move
from wanku.flows.reconciling.fetch_bill import fetch_bill
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.tests.conftest import Pay
from wanku.kernel.refusal import Refusal
from wanku.payments.channel import BillRow
from wanku.reconciliation.models import Bill, BillLine, FinanceCase

LATER = NEXT_MORNING + timedelta(hours=3)


def reconciled() -> None:
    """Fetch and compare today's bill."""
    reconcile_day("sandbox", TODAY, now=LATER)


def live() -> list[tuple[int, str]]:
    """Amounts and outcomes of the lines that count."""
    return sorted(BillLine.objects.filter(gone_at=None).values_list("amount", "found"))


def test_kept_as_written(channel: Billed, pay: Pay) -> None:
    attempt = pay()
    bill = fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    line = BillLine.objects.get(bill=bill)
    assert (line.number, line.amount, line.fee, line.currency, line.at) == (attempt.number, 9900, 59, "CNY", NOW)
    assert (bill.state, bill.rows, bill.source, bill.version) == ("fetched", 1, "channel", 1)
    assert bill.due_at == NEXT_MORNING + timedelta(minutes=1)
    move = Move.objects.get(subject_type="bill")
    assert (move.event, move.actor, move.facts["rows"]) == ("fetch", "gateway", 1)


def test_the_same_again_changes_nothing(channel: Billed, pay: Pay) -> None:
    pay()
    reconciled()
    before = Bill.objects.values().get(), BillLine.objects.values().get(), Move.objects.count()
    channel.rows.reverse()
    fetch_bill("sandbox", TODAY, now=LATER + timedelta(days=1))
    assert (Bill.objects.values().get(), BillLine.objects.values().get(), Move.objects.count()) == before


def test_a_corrected_line_replaces_one_that_differs(channel: Billed, pay: Pay) -> None:
    attempt = pay()
    channel.change(attempt.number, amount=1)
    reconciled()
    assert FinanceCase.objects.get().state == "open"
    channel.change(attempt.number, amount=9900)
    reconciled()
    assert live() == [(9900, "matched")]
    case = FinanceCase.objects.get()
    assert (case.state, case.resolution, case.resolved_at) == ("resolved", "came_right", LATER)
    assert BillLine.objects.count() == 2, "what the channel said first stays as evidence"
    assert Bill.objects.get().state == "matched"


def test_what_is_settled_stays(channel: Billed, pay: Pay) -> None:
    attempt, other = pay(), pay()
    reconciled()
    channel.forget(other.number)
    channel.change(attempt.number, amount=1)
    reconciled()
    assert live() == [(1, "twice"), (9900, "matched"), (9900, "matched")]
    cases = {case.kind: (case.ours, case.theirs) for case in FinanceCase.objects.all()}
    assert cases == {"changed": (19_800, None), "twice": (None, 1)}


def test_a_line_that_comes_back(channel: Billed, pay: Pay) -> None:
    attempt = pay()
    rows = [*channel.rows]
    channel.change(attempt.number, amount=1)
    reconciled()
    channel.forget(attempt.number)
    reconciled()
    assert live() == []
    channel.rows = rows
    reconciled()
    assert live() == [(9900, "matched")]
    assert set(FinanceCase.objects.values_list("state", flat=True)) == {"resolved"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"down": True}, "bill_not_answered"), ({"late": True}, "no_bill")],
)
def test_no_bill(channel: Billed, pay: Pay, fields: dict[str, bool], code: str) -> None:
    pay()
    for name, value in fields.items():
        setattr(channel, name, value)
    with pytest.raises(Refusal) as refused:
        fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    assert refused.value.code.name == code
    assert not Bill.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        BillRow("gift", "1", "R", 1, 0, "CNY", NOW),
        BillRow("payment", "1", "R", 0, 0, "CNY", NOW),
        BillRow("payment", "", "", 1, 0, "CNY", NOW),
        BillRow("payment", "1" * 65, "R", 1, 0, "CNY", NOW),
        BillRow("payment", "1", "R", 1, 0, "YUAN", NOW),
        BillRow("payment", "1", "R", 1, 0, "CNY", NOW.replace(tzinfo=None)),
        BillRow("payment", "1\x00", "R", 1, 0, "CNY", NOW),
    ],
)
def test_a_line_that_is_not_understood(channel: Billed, pay: Pay, row: BillRow) -> None:
    pay()
    channel.bill = lambda day: [*channel.rows, row]  # type: ignore[method-assign]
    with pytest.raises(Refusal) as refused:
        fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    assert (refused.value.code.name, refused.value.facts) == ("bill_unreadable", {"line": 2})
    assert not Bill.objects.exists() and not BillLine.objects.exists()


@pytest.mark.django_db
def test_a_channel_that_we_do_not_have() -> None:
    with pytest.raises(Refusal) as refused:
        fetch_bill("nobody", TODAY, now=NEXT_MORNING)
    assert refused.value.code.name == "not_found"
