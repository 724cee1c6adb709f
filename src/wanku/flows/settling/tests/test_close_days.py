"""A day is closed an hour after its end, once more a day later, and then for good."""

from datetime import UTC, date, datetime, timedelta

import pytest

from wanku.flows.settling.close_days import close_days
from wanku.ledger.close_day import last_closed
from wanku.ledger.models import DayTotal, Posting
from wanku.ledger.post import Booking, Line, clearing, held, post_all
from wanku.ledger.proof import prove_ledger
from wanku.ledger.statement import Place, balances_before

pytestmark = pytest.mark.django_db
MINE = held(7)
NIGHT = datetime(2026, 10, 1, 15, 30, tzinfo=UTC)  # half past eleven in Shanghai
MIDNIGHT = datetime(2026, 10, 1, 16, tzinfo=UTC)
LATER = datetime(2026, 10, 9, tzinfo=UTC)


def book(key: str, now: datetime, amount: int = 100) -> None:
    lines = [Line(clearing("x"), -amount), Line(MINE, amount, 7)]
    post_all([Booking(key, "capture", "attempt", 1, "CNY", lines)], now=now)


def test_an_hour_after_its_end() -> None:
    assert close_days(now=LATER) == 0
    book("a", NIGHT)
    book("b", MIDNIGHT)
    book("c", MIDNIGHT + timedelta(days=3))
    assert close_days(now=MIDNIGHT + timedelta(minutes=59)) == 0 and last_closed() is None
    assert close_days(now=MIDNIGHT + timedelta(hours=1)) == 1 and last_closed() == date(2026, 10, 1)
    assert close_days(now=MIDNIGHT + timedelta(hours=1)) == 0
    assert close_days(now=LATER, limit=1) == 1
    assert close_days(now=LATER) == 1
    # A day on which nothing was booked has no totals; the channel's account is closed like the merchant's.
    closed = DayTotal.objects.filter(account=clearing("x")).values_list("day", flat=True)
    assert set(closed) == {date(2026, 10, day) for day in (1, 2, 5)}


def test_what_is_booked_late_into_the_day_before_is_counted() -> None:
    book("a", NIGHT)
    book("b", MIDNIGHT)
    close_days(now=LATER, limit=1)
    book("late", NIGHT, 7)
    close_days(now=LATER)
    total = sum(Posting.objects.filter(account=MINE).values_list("amount", flat=True))
    assert balances_before([MINE], Place(LATER, 0)) == {(MINE, "CNY"): total}
    assert total == 207


def test_what_a_wrong_clock_books_into_a_day_long_closed_is_counted() -> None:
    book("a", NIGHT)
    book("b", MIDNIGHT + timedelta(days=3))
    assert close_days(now=LATER + timedelta(days=9)) == 2
    book("late", NIGHT, 7)
    book("between", MIDNIGHT + timedelta(days=1), 11)
    kept = DayTotal.objects.filter(account=MINE).order_by("day").values_list("incoming", "outgoing", "postings")
    assert list(kept) == [(107, 0, 2), (11, 0, 1), (100, 0, 1)]
    assert balances_before([MINE], Place(LATER + timedelta(days=9), 0)) == {(MINE, "CNY"): 218}
    assert all(check.holds for check in prove_ledger())
