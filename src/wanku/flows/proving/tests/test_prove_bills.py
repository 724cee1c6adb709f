"""I9 is found broken by each kind of fault, and holds where finance knows of the difference."""

import pytest
from django.db import connection

from tests.billed import NEXT_MORNING, TODAY, Billed, pay_there
from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.payments.channel import BillRow
from wanku.payments.models import Attempt
from wanku.reconciliation.models import BillLine, FinanceCase


def broken() -> list[tuple[str, dict[str, object]]]:
    """What of I9 does not hold, by the word that its sentence begins with."""
    return [
        (" ".join(c.says.split()[:2]), dict(c.rows[0])) for c in prove_books() if c.code == "I9" and not c.holds
    ]  # fmt: skip


@pytest.fixture
def billed(channel: Billed, ann_actor: Actor, bo: Shop) -> Attempt:
    """One payment, billed and compared."""
    attempt = pay_there(channel, placed(ann_actor, (product_of(bo.merchant), 1)))
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    return attempt


def test_holds(billed: Attempt) -> None:
    assert broken() == []
    assert [check.checked for check in prove_books() if check.code == "I9"] == [1, 1, 1]


def test_a_line_that_the_ledger_does_not_have(billed: Attempt) -> None:
    BillLine.objects.update(amount=1)
    ((name, row),) = broken()
    assert (name, row["theirs"], row["ours"]) == ("Every line", -1, -9900)


def test_a_booking_that_the_bill_does_not_have(billed: Attempt) -> None:
    BillLine.objects.update(gone_at=NOW, fee=0)
    assert [name for name, _ in broken()] == ["Every booking", "What the"]


def test_fees_that_nobody_booked(billed: Attempt) -> None:
    BillLine.objects.update(fee=60)
    ((name, row),) = broken()
    assert (name, row["billed"], row["booked"]) == ("What the", 60, 59)


def test_a_difference_that_finance_knows(channel: Billed, billed: Attempt) -> None:
    channel.rows.append(BillRow("payment", "stranger", "R", 500, 0, "CNY", NOW))
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    assert broken() == []
    FinanceCase.objects.update(state="resolved", resolution="write_off", due_at=None)
    ((name, row),) = broken()
    assert (name, row["number"]) == ("Every line", "stranger")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reconciliation_financecase")
    assert [name for name, _ in broken()] == ["Every line"]
