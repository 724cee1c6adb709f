"""Statements agree with the postings, whatever is closed and wherever a page begins."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.statements import statements
from wanku.flows.settling.close_days import close_days
from wanku.ledger.models import Posting
from wanku.ledger.post import Booking, Line, post_all
from wanku.ledger.statement import Place, days, listing, walk

pytestmark = pytest.mark.django_db
HELD, AVAILABLE = "merchant:7:held", "merchant:7:available"
ACCOUNTS = (HELD, AVAILABLE)
FIRST = datetime(2026, 10, 1, 15, 30, tzinfo=UTC)  # half past eleven at night in Shanghai
NOON = datetime(2026, 10, 6, 4, tzinfo=UTC)


@pytest.fixture
def booked() -> list[Posting]:
    """Four days with postings that cross midnight, one of them with nothing; two postings at each moment."""
    dice = random.Random(7)
    for n in range(120):
        at = FIRST + timedelta(minutes=40 * n)
        if (at + timedelta(hours=8)).day == 3:
            continue
        amount = dice.randint(1, 900) * dice.choice((1, 1, -1))
        lines = [Line("gateway:x:clearing", -amount), Line(dice.choice(ACCOUNTS), amount, 7)]
        post_all(
            [
                Booking(f"a{n}", "capture", "attempt", n, "CNY", lines),
                Booking(f"b{n}", "freeze", "freeze", n, "CNY", [Line(HELD, -5, 7), Line(AVAILABLE, 5, 7)]),
            ],
            now=at,
        )
    return list(Posting.objects.filter(account__in=ACCOUNTS).order_by("at", "id"))


def naive(rows: Sequence[Posting]) -> list[tuple[int, int, int]]:
    """Id, balance of the account, balance of both."""
    sums, found = dict.fromkeys(ACCOUNTS, 0), []
    for row in rows:
        sums[row.account] += row.amount
        found.append((row.pk, sums[row.account], sum(sums.values())))
    return found


@pytest.mark.parametrize("closed", [0, 2, 9])
def test_pages_of_any_size(booked: list[Posting], closed: int) -> None:
    close_days(now=NOON, limit=closed)
    expected, before, found = naive(booked)[::-1], None, []
    for limit in [1, 7, 50, 500]:
        part = listing(ACCOUNTS, before=before, limit=limit)
        found += [(row.movement.id, row.after, row.total) for row in part.rows]
        assert len(part.rows) <= limit
        before = part.older
    assert before is None and found == expected


@pytest.mark.parametrize("closed", [0, 2, 9])
def test_a_span_and_one_account(booked: list[Posting], closed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    close_days(now=NOON, limit=closed)
    monkeypatch.setattr("wanku.ledger.statement.CHUNK", 7)
    since, until = FIRST + timedelta(hours=9), FIRST + timedelta(hours=70)
    inside = {row.pk for row in booked if since <= row.at < until}
    expected = [line for line in naive(booked) if line[0] in inside]
    assert [(r.movement.id, r.after, r.total) for r in walk(ACCOUNTS, since=since, until=until)] == expected
    one = [row.after for row in walk([HELD], since=since, until=until)]
    mine = [row for row in booked if row.account == HELD]
    assert one == [after for pk, after, _ in naive(mine) if pk in inside]
    newest = listing([HELD], since=since, before=Place(until, 0), limit=500)
    assert [row.after for row in newest.rows] == one[::-1]


@pytest.mark.parametrize("closed", [0, 2, 9])
def test_totals_by_day(booked: list[Posting], closed: int) -> None:
    close_days(now=NOON, limit=closed)
    found = days(ACCOUNTS, until=date(2026, 10, 31))
    assert [each.day for each in found if each.account == HELD] == sorted({d.day for d in found}, reverse=True)
    for each in found:
        ours = [
            row.amount
            for row in booked
            if row.account == each.account and (row.at + timedelta(hours=8)).date() == each.day
        ]
        assert (each.incoming, each.outgoing, each.postings) == (
            sum(a for a in ours if a > 0), -sum(a for a in ours if a < 0), len(ours),
        )  # fmt: skip
        until = [row.amount for row in booked if row.account == each.account
                 and (row.at + timedelta(hours=8)).date() <= each.day]  # fmt: skip
        assert each.closing == sum(until)
    assert len({each.day for each in days(ACCOUNTS, until=date(2026, 10, 4), limit=2)}) == 2
    assert days(ACCOUNTS, until=date(2026, 9, 30)) == [] == days(["merchant:8:held"], until=date.max)


def test_a_fixed_number_of_statements(booked: list[Posting]) -> None:
    close_days(now=NOON)
    for limit in (5, 200):
        with statements() as sent:
            listing(ACCOUNTS, limit=limit)
        assert len(sent) == 2
    with statements() as sent:
        days(ACCOUNTS, until=date(2026, 10, 31))
    assert len(sent) == 2
