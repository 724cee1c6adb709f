"""The proof holds for sound books, and each kind of fault is found."""

from typing import Any

import pytest
from django.db import connection

from tests.cast import NOW, Shop
from wanku.flows.policing.tests.reviews import reviewed
from wanku.flows.proving._moment import one_moment
from wanku.flows.proving.prove_books import prove_books
from wanku.inventory.models import Supply
from wanku.ledger.models import Balance
from wanku.ledger.post import Line, available, clearing, held, post
from wanku.orders.models import Order, Trade
from wanku.payments.models import Attempt, Refund, RefundLine


def broken() -> dict[str, list[dict[str, Any]]]:
    """What does not hold, by code and sentence."""
    return {f"{c.code} {c.says}": [dict(row) for row in c.rows] for c in prove_books() if not c.holds}


@pytest.fixture
def books(bo: Shop) -> Order:
    """One paid, completed order, booked as the flows book it."""
    review, _ = reviewed(bo.merchant)
    order = Order.objects.get(pk=review.order_id)
    attempt = Attempt.objects.create(
        trade=order.trade, number="a1", gateway="sandbox", method="page", currency="CNY", amount=9900,
        state="captured", created_at=NOW, expires_at=NOW, captured_at=NOW,
    )  # fmt: skip
    mine = order.merchant_id
    captured = [Line(clearing("sandbox"), -9900), Line(held(mine), 9900, mine, order.pk)]
    released = [Line(held(mine), -9900, mine, order.pk), Line(available(mine), 9900, mine, order.pk)]
    post(
        key="c", reason="capture", ref_type="attempt", ref_id=attempt.pk, currency="CNY", lines=captured, now=NOW
    )  # fmt: skip
    post(key="r", reason="release", ref_type="order", ref_id=order.pk, currency="CNY", lines=released, now=NOW)
    return order


def test_sound_books(books: Order) -> None:
    checks = prove_books()
    assert broken() == {}
    codes = ["I1", *["I2"] * 3, *["I3"] * 2, *["I4"] * 5, *["I5"] * 4, *["I9"] * 3, *["I10"] * 2]
    assert [check.code for check in checks] == codes
    assert [check.checked for check in checks] == [2, 2, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, *[0] * 8]


@pytest.mark.django_db
def test_empty_books() -> None:
    assert broken() == {}


def test_an_entry_that_does_not_balance(books: Order) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_posting SET amount = amount + 1 WHERE account LIKE 'gateway:%'")
    found = broken()
    assert [name[:2] for name in found] == ["I1", "I3"]
    assert next(iter(found.values()))[0]["difference"] == 1


def test_a_balance_that_is_off(books: Order) -> None:
    Balance.objects.filter(account=available(books.merchant_id)).update(amount=1)
    ((name, rows),) = broken().items()
    assert name.startswith("I2")
    assert rows[0]["cached"] == 1
    assert rows[0]["summed"] == 9900


def test_a_balance_that_is_missing(books: Order) -> None:
    Balance.objects.filter(account=available(books.merchant_id)).delete()
    assert [name[:2] for name in broken()] == ["I2"]


def test_paid_without_money(books: Order) -> None:
    Attempt.objects.update(state="failed")
    assert [name[:2] for name in broken()] == ["I3"]


def test_money_without_paid(books: Order) -> None:
    Trade.objects.update(state="cancelled")
    assert [name[:2] for name in broken()] == ["I3"]


def test_unwanted_money_that_stays(books: Order) -> None:
    Attempt.objects.create(
        trade=books.trade, number="a2", gateway="sandbox", method="page", currency="CNY", amount=9900,
        state="captured", duplicate=True, created_at=NOW, expires_at=NOW,
    )  # fmt: skip
    assert [name[:2] for name in broken()] == ["I3"]


def test_more_back_than_came_in(books: Order) -> None:
    attempt = Attempt.objects.get()
    for number in ("r1", "r2"):
        Refund.objects.create(
            attempt=attempt, trade=books.trade, number=number, currency="CNY", amount=5000, reason="withdrawn",
            state="sent", created_at=NOW,
        )  # fmt: skip
    ((name, rows),) = broken().items()
    assert name.startswith("I4")
    assert rows == [{"attempt": "a1", "state": "captured", "captured": 9900, "refunded": 10000}]


def test_parts_that_do_not_sum_to_their_refund(books: Order) -> None:
    refund = Refund.objects.create(
        attempt=Attempt.objects.get(), trade=books.trade, order=books, number="r1", currency="CNY", amount=100,
        freight=30, reason="refunded", state="sent", created_at=NOW,
    )  # fmt: skip
    RefundLine.objects.create(refund=refund, line=books.lines.get(), quantity=0, amount=60)
    found = broken()
    assert "parts" in next(iter(found))
    assert next(iter(found.values()))[0] | {"order": ""} == {
        "order": "", "amount": 9900, "refunds": 100, "freight": 30, "lines": 60,
    }  # fmt: skip


def test_a_refund_that_nobody_booked(books: Order) -> None:
    Refund.objects.create(
        attempt=Attempt.objects.get(), trade=books.trade, number="r1", currency="CNY", amount=100, reason="withdrawn",
        state="succeeded", created_at=NOW,
    )  # fmt: skip
    assert [name[:2] for name in broken()] == ["I4"]


def test_money_still_held_for_a_closed_order(books: Order) -> None:
    Order.objects.update(state="fulfilled")
    ((name, rows),) = broken().items()
    assert name.startswith("I4")
    assert rows[0]["held"] == 0


def test_stock_that_no_order_holds(books: Order) -> None:
    Supply.objects.update(free=8, held=2)
    ((name, rows),) = broken().items()
    assert name.startswith("I5")
    assert (rows[0]["held"], rows[0]["held_by_orders"]) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_one_moment() -> None:
    with one_moment(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
        assert cursor.fetchone() == ("repeatable read", "on")
