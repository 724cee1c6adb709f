"""Accounts come to what their postings come to, whatever is closed."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.cast import NOW
from tests.statements import statements
from wanku.flows.settling.close_days import close_days
from wanku.ledger.accounts import Span, names, newest, sums
from wanku.ledger.models import Entry, Posting
from wanku.ledger.post import Booking, Line, post_all
from wanku.ledger.statement import END, START, days

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
A, B, BANK = "merchant:7:held", "merchant:42:held", "bank:main"
TODAY = (NOW + timedelta(hours=8)).date()


@pytest.fixture
def booked() -> None:
    """Four days; entries that touch one account twice, and many of the same moment."""
    for day in range(4):
        lines = [Line(BANK, -3), Line(A, 2, 7), Line(B, 1, 42)]
        twice = [Line(A, 5, 7), Line(A, -4, 7), Line(BANK, -1)]
        every = [Booking(f"{day}:{n}", "capture", "attempt", n, "CNY", lines) for n in range(3)]
        dollars = Booking(f"{day}:usd", "fees", "bill", day, "USD", [Line(BANK, -9), Line("platform:fees", 9)])
        post_all([*every, dollars, Booking(f"{day}:b", "freeze", "freeze", 1, "CNY", twice)], now=NOW - day * DAY)


@pytest.mark.parametrize("closed", [0, 2, 9])
def test_names_and_sums(booked: None, closed: int) -> None:
    close_days(now=NOW, limit=closed)
    assert names() == sorted({A, B, BANK, "platform:fees"})
    with statements() as sent:
        found = sums([A, BANK])
    assert len(sent) == 1
    assert [tuple(row) for row in found] == [
        (BANK, "CNY", -40, 16),
        (BANK, "USD", -36, 4),
        (A, "CNY", 28, 20),
    ]
    assert [row.account for row in sums(["nobody"])] == []


def test_nothing_booked() -> None:
    assert (names(), sums([A])) == ([], [])


def everything(span: Span, size: int, accounts: list[str]) -> list[UUID]:
    """Page by page."""
    found: list[UUID] = []
    after: tuple[datetime, UUID] | None = None
    while some := newest(accounts, Span(span.since, span.until, after, span.reason), size):
        assert len(some) <= size
        found += some
        after = Entry.objects.values_list("at", "pk").get(pk=some[-1])
    return found


@pytest.mark.parametrize("size", [1, 3, 100])
def test_entries_once_each_and_in_order(booked: None, size: int) -> None:
    for accounts, reason in (([A], ""), ([A, B, BANK], ""), ([BANK], "capture"), (["platform:fees"], "capture")):
        rows = Entry.objects.filter(pk__in=Posting.objects.filter(account__in=accounts).values("entry_id"))
        rows = rows.filter(reason=reason) if reason else rows
        expected = list(rows.order_by("-at", "-pk").values_list("pk", flat=True))
        assert everything(Span(START, END, None, reason), size, accounts) == expected
    one_day = everything(Span(NOW - DAY, NOW, None), size, [BANK])
    assert sorted(one_day) == sorted(Entry.objects.filter(at=NOW - DAY).values_list("pk", flat=True))


def test_a_day_opens_as_the_one_before_closed(booked: None) -> None:
    close_days(now=NOW, limit=2)
    found = days([A], until=TODAY)
    assert [(row.opening, row.incoming, row.outgoing, row.closing) for row in found] == [
        (21, 11, 4, 28), (14, 11, 4, 21), (7, 11, 4, 14), (0, 11, 4, 7)
    ]  # fmt: skip
