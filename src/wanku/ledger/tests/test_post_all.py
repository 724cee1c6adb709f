"""Many entries at once: the same rules for each, and a fixed number of statements."""

import uuid
from collections.abc import Sequence
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from tests.at_once import at_once
from tests.cast import NOW
from tests.statements import statements
from wanku.ledger.models import Balance, Entry, Posting
from wanku.ledger.post import BookedOtherwise, Booking, Line, post, post_all

pytestmark = pytest.mark.django_db


def booking(key: str, amount: int = 500, merchant: int = 7) -> Booking:
    lines = [
        Line("gateway:sandbox:clearing", -amount),
        Line(f"merchant:{merchant}:held", amount, merchant, uuid.uuid4()),
    ]
    return Booking(key, "capture", "attempt", 1, "CNY", lines, {"of": key})


@pytest.mark.parametrize("count", [1, 20])
def test_three_statements_whatever_the_number(count: int) -> None:
    batch = [booking(f"k{n}", 100 + n, merchant=n % 3) for n in range(count)]
    with statements() as sent:
        assert post_all(batch, now=NOW) == [True] * count
    assert len(sent) == 3
    assert Posting.objects.count() == 2 * Entry.objects.count() == 2 * count
    assert Entry.objects.get(key="k0").facts == {"of": "k0"}
    assert sum(Balance.objects.values_list("amount", flat=True)) == sum(100 + n for n in range(count))


def test_nothing_to_book() -> None:
    with statements() as sent:
        assert post_all([], now=NOW) == []
    assert sent == []


def test_each_key_books_once_within_a_batch_and_over_batches() -> None:
    first = booking("a")
    assert post_all([first, booking("b"), first], now=NOW) == [True, True, False]
    assert post_all([booking("c"), booking("b")], now=NOW) == [True, False]
    assert Entry.objects.count() == 3 and Balance.objects.get().amount == 1500
    with pytest.raises(BookedOtherwise), transaction.atomic():
        post_all([booking("d"), booking("b", 501)], now=NOW)
    assert Entry.objects.count() == 3 and Balance.objects.get().amount == 1500


def test_one_that_does_not_sum_to_zero_stops_all() -> None:
    wrong = Booking("b", "capture", "attempt", 1, "CNY", [Line("x", 1), Line("y", -2)])
    with pytest.raises(ValueError, match="zero"):
        post_all([booking("a"), wrong], now=NOW)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("amounts", [(1, -2), (5, -5, 7)], ids=["one entry", "beside a good one"])
def test_the_database_sums_every_statement(amounts: Sequence[int]) -> None:
    """Also what did not come through `post`: each currency of each entry, judged from the new rows alone."""
    assert post(key="k", reason="r", ref_type="t", ref_id=1, currency="CNY", lines=booking("k").lines, now=NOW)
    entry = Entry.objects.get()
    with pytest.raises(IntegrityError, match="does not sum to zero"), transaction.atomic():
        Posting.objects.bulk_create(
            Posting(entry=entry, account="a", currency="CNY", amount=amount, at=NOW) for amount in amounts
        )
    with pytest.raises(IntegrityError, match="does not sum to zero"), transaction.atomic():
        Posting.objects.bulk_create(
            Posting(entry=entry, account="a", currency=currency, amount=amount, at=NOW)
            for currency, amount in [("CNY", 5), ("USD", -5)]
        )
    assert Posting.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_opposite_orders_do_not_deadlock() -> None:
    """Many batches over the same accounts and keys, each in another order."""
    batches = [[booking(f"k{n}", merchant=n) for n in range(10)] for _ in range(6)]
    batches = [batch[:: 1 if number % 2 else -1] for number, batch in enumerate(batches)]
    same = [[booking(f"own{number}", merchant=n % 10)] for number, n in enumerate(range(6))]

    def book(batch: Sequence[Booking]) -> list[bool]:
        with transaction.atomic():
            return post_all(batch, now=NOW)

    answers = at_once(*[partial(book, batch) for batch in [*batches, *same]])
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert Entry.objects.count() == 16
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(amount) FROM ledger_posting")
        assert cursor.fetchone() == (0,)
    assert sum(Balance.objects.values_list("amount", flat=True)) == 16 * 500
