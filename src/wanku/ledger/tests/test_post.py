"""The ledger keeps itself, also against us."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import NOW
from wanku.ledger.models import Balance, Entry, Posting
from wanku.ledger.post import BookedOtherwise, Line, post

pytestmark = pytest.mark.django_db


def book(key: str = "k1", amount: int = 500, **fields: object) -> bool:
    lines = [Line("gateway:sandbox:clearing", -amount), Line("merchant:7:held", amount, 7, uuid.uuid4())]
    return post(key=key, reason="capture", ref_type="attempt", ref_id=1, currency="CNY", lines=lines, now=NOW)


def test_an_entry_and_its_balance() -> None:
    assert book() is True and book("k2", 300) is True
    assert Balance.objects.get().amount == 800 and Balance.objects.get().account == "merchant:7:held"
    assert Entry.objects.count() == 2 and Posting.objects.count() == 4


def test_the_same_key_books_once() -> None:
    book()
    assert book() is False
    assert Entry.objects.count() == 1 and Balance.objects.get().amount == 500
    with pytest.raises(BookedOtherwise):
        book(amount=501)
    assert Balance.objects.get().amount == 500


def test_what_does_not_sum_to_zero_is_refused() -> None:
    for lines in ([], [Line("a", 1), Line("b", -2)], [Line("a", 0), Line("b", 0)]):
        with pytest.raises(ValueError, match="zero"):
            post(key="k", reason="r", ref_type="t", ref_id=1, currency="CNY", lines=lines, now=NOW)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_unbalanced_entry_at_commit() -> None:
    with pytest.raises(IntegrityError, match="does not sum to zero"), transaction.atomic():  # noqa: PT012 at commit
        entry = Entry.objects.create(key="k", input_hash=b"", reason="r", ref_type="t", ref_id="1", at=NOW)
        Posting.objects.create(entry=entry, account="a", currency="CNY", amount=1, at=NOW)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_posting SET amount = amount + 1",
        "DELETE FROM ledger_posting",
        "UPDATE ledger_entry SET reason = 'x'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_posting",
        "TRUNCATE ledger_entry CASCADE",
    ],
)
def test_nothing_is_ever_changed(sql: str) -> None:
    book()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Posting.objects.count() == 2
