"""The ledger proves itself in pieces, and finds what is wrong wherever it lies."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.cast import NOW, Shop
from wanku.flows.settling.close_days import close_days
from wanku.ledger import proof
from wanku.ledger.models import Balance, DayTotal, Entry, Freeze
from wanku.ledger.post import Booking, Line, available, clearing, frozen, held, post_all
from wanku.ledger.proof import READ, prove_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def booked(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> int:
    """Twenty-five entries over two closed days, looked at in pieces of seven; whose money it is."""
    monkeypatch.setattr(proof, "CHUNK", 7)
    mine = bo.merchant.pk
    for day, count in enumerate((10, 14)):
        lines = [Line(clearing("x"), -3), Line(held(mine), 3, mine)]
        post_all(
            [Booking(f"{day}:{n}", "capture", "attempt", n, "CNY", lines) for n in range(count)],
            now=NOW + timedelta(days=day),
        )
    freeze = Freeze.objects.create(
        merchant=bo.merchant, currency="CNY", amount=5, because="x", since=NOW, state="frozen", due_at=NOW
    )  # fmt: skip
    lines = [Line(held(mine), -5, mine), Line(frozen(mine), 5, mine)]
    post_all([Booking("f", "freeze", "freeze", freeze.pk, "CNY", lines)], now=NOW + timedelta(days=1))
    close_days(now=NOW + timedelta(days=9))
    return mine


def wrong() -> dict[str, list[dict[str, Any]]]:
    """What does not hold, by sentence."""
    return {check.says: [dict(row) for row in check.rows] for check in prove_ledger() if not check.holds}


def tamper(sql: str) -> None:
    """Change what nothing may change."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER USER")
        cursor.execute(sql)


def test_sound_and_told_in_pieces() -> None:
    told: list[tuple[str, int, int]] = []
    checks = prove_ledger(tell=lambda *words: told.append(words))
    assert [(check.code, check.checked, check.wrong) for check in checks] == [
        ("I1", 25, 0), ("I2", 2, 0), ("I2", 5, 0), ("I2", 1, 0),
    ]  # fmt: skip
    entries = [(done, total) for what, done, total in told if what == READ]
    assert entries == [(0, 25), (7, 25), (14, 25), (21, 25), (25, 25)]


@pytest.mark.parametrize("which", [0, 6, 7, 24])
def test_an_entry_in_any_piece(which: int) -> None:
    entry = Entry.objects.order_by("pk")[which]
    tamper(f"UPDATE ledger_posting SET amount = amount + 1 WHERE entry_id = '{entry.pk}' AND amount < 0")  # noqa: S608
    rows = wrong()["Every entry sums to zero in each currency."]
    assert [(row["id"], row["difference"]) for row in rows] == [(entry.pk, 1)]


def test_a_posting_at_another_time_than_its_entry() -> None:
    tamper("UPDATE ledger_posting SET at = at + interval '1 second' WHERE account LIKE '%frozen'")
    (row,) = wrong()["Every entry sums to zero in each currency."]
    assert row["at_another_time"] == 1


def test_more_wrong_than_is_shown() -> None:
    tamper("UPDATE ledger_posting SET amount = amount + 1 WHERE account LIKE 'gateway:%'")
    check = prove_ledger()[0]
    assert (check.wrong, len(check.rows)) == (24, proof.ROWS_SHOWN)


def test_balances(booked: int) -> None:
    Balance.objects.filter(account=held(booked)).update(amount=66)
    Balance.objects.create(account=available(booked), currency="CNY", amount=1)
    rows = wrong()["Every cached balance is the sum of its postings."]
    assert [(row["account"], row["cached"], row["summed"]) for row in rows] == [
        (available(booked), 1, 0),
        (held(booked), 66, 67),
    ]


def test_totals_of_days(booked: int) -> None:
    DayTotal.objects.filter(account=held(booked), day=date(2026, 11, 11)).update(incoming=31)
    DayTotal.objects.filter(account=frozen(booked)).delete()
    rows = wrong()["Every closed day has the totals of its postings."]
    assert [(row["account"], row["kept"], row["summed"]) for row in rows] == [
        (frozen(booked), None, (5, 0, 1)),
        (held(booked), (31, 0, 10), (30, 0, 10)),
    ]


def test_frozen_money_without_a_freeze(booked: int) -> None:
    says = "Money is frozen because of a freeze that lasts, and not more than it says."
    Freeze.objects.update(amount=4)
    assert [(row["frozen"], row["freezes"]) for row in wrong()[says]] == [(5, 4)]
    Freeze.objects.update(amount=5, state="ended", due_at=None)
    assert [(row["frozen"], row["freezes"]) for row in wrong()[says]] == [(5, 0)]
