"""What a channel charges is booked once; a corrected bill books the rest."""

from tests.billed import NEXT_MORNING, TODAY, Billed
from wanku.flows.reconciling.book_fees import book_fees
from wanku.flows.reconciling.fetch_bill import fetch_bill
from wanku.flows.reconciling.tests.conftest import Pay
from wanku.ledger.models import Entry, Posting


def booked() -> list[tuple[str, int]]:
    """Postings of fees."""
    rows = Posting.objects.filter(entry__reason="channel_fees").order_by("id")
    return list(rows.values_list("account", "amount"))


def test_once_per_bill(channel: Billed, pay: Pay) -> None:
    pay()
    pay()
    bill = fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    assert [book_fees(bill.pk, now=NEXT_MORNING) for _ in range(2)] == [1, 0]
    assert booked() == [("gateway:sandbox:clearing", 118), ("platform:fees", -118)]
    entry = Entry.objects.get(reason="channel_fees")
    assert (entry.ref_type, entry.ref_id, entry.facts["day"]) == ("bill", str(bill.pk), "2026-11-11")


def test_a_corrected_bill_books_the_rest(channel: Billed, pay: Pay) -> None:
    attempt = pay()
    bill = fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    book_fees(bill.pk, now=NEXT_MORNING)
    channel.change(attempt.number, fee=50)
    fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    assert [book_fees(bill.pk, now=NEXT_MORNING) for _ in range(2)] == [1, 0]
    assert sum(amount for account, amount in booked() if account == "platform:fees") == -50


def test_fees_given_back(channel: Billed, pay: Pay) -> None:
    channel.change(pay().number, fee=-5)
    bill = fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    book_fees(bill.pk, now=NEXT_MORNING)
    assert booked() == [("gateway:sandbox:clearing", -5), ("platform:fees", 5)]


def test_a_bill_without_fees_books_nothing(channel: Billed, pay: Pay) -> None:
    channel.fee_bp = 0
    pay()
    bill = fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    assert book_fees(bill.pk, now=NEXT_MORNING) == 0
    assert booked() == []
