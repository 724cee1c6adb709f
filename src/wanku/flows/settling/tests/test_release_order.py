"""Held money becomes the merchant's when the promise is kept."""

import pytest

from tests.bank import Bank
from tests.cast import NOW, Shop
from tests.sale import Sale, balance, paid
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.settling.release_order import release_order
from wanku.ledger.models import Entry
from wanku.ledger.order_money import money_of, refund_bookings
from wanku.ledger.post import post_all
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db


def test_release_less_the_commission_once(bank: Bank, sale: Sale, bo: Shop) -> None:
    paid(bank, sale)
    order, mine = sale.order_of(bo), f"merchant:{bo.merchant.pk}"
    release_order(order, now=NOW)
    release_order(order, now=NOW)
    assert (balance(f"{mine}:held"), balance(f"{mine}:available")) == (0, 19_800 - 594)
    assert balance("platform:commission") == 594
    assert Entry.objects.filter(reason="release").count() == 1


def test_an_order_free_of_commission_books_no_empty_entry(bank: Bank, sale: Sale, bo: Shop) -> None:
    paid(bank, sale)
    order = sale.order_of(bo)
    order.commission = 0
    release_order(order, now=NOW)
    assert Entry.objects.get(reason="release").postings.count() == 2
    assert not Entry.objects.filter(reason="commission").exists()


def test_a_discount_that_the_platform_bears_is_the_merchants_money(bank: Bank, sale: Sale, bo: Shop) -> None:
    Order.objects.filter(pk=sale.order_of(bo).pk).update(platform_discount=1_000)
    paid(bank, sale)
    mine = f"merchant:{bo.merchant.pk}"
    assert (balance(f"{mine}:held"), balance("platform:promotions")) == (20_800, -1_000)
    assert [check.rows for check in prove_books() if not check.holds] == []
    order = sale.order_of(bo)
    bookings = refund_bookings(order, money_of([order.pk])[order.pk], refund_id=1, amount=9_900)
    post_all(bookings, now=NOW)
    assert (balance(f"{mine}:held"), balance("platform:promotions")) == (10_400, -500)
    release_order(order, now=NOW)
    assert balance(f"{mine}:available") == 10_400 - 297
