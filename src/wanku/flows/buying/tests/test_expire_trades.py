"""The clock of unpaid trades."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.bank import Bank
from tests.cast import NOW, supply_of
from tests.sale import Sale
from wanku.flows.buying.expire_trades import expire_trades
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db


def test_silence_cancels_and_sets_free(bank: Bank, sale: Sale) -> None:
    assert expire_trades(now=NOW + timedelta(minutes=14), limit=10) == 0
    attempt = sale.attempt()
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    attempt.refresh_from_db()
    assert (sale.trade.state, attempt.state) == ("cancelled", "closed")
    assert set(Order.objects.values_list("state", flat=True)) == {"cancelled"}
    assert supply_of(sale.tea).free == 10
    assert Client().get(attempt.pay_url.removeprefix("http://testserver")).content.count(b'name="choice"') == 0


def test_expiry_asks_first(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="never")
    expire_trades(now=NOW + timedelta(minutes=16), limit=10)
    assert sale.trade.state == "paid"


def test_a_dead_channel_delays_expiry_but_not_for_ever(bank: Bank, sale: Sale) -> None:
    sale.attempt()
    bank.wire.cut = True
    expire_trades(now=NOW + timedelta(minutes=16), limit=10)
    assert sale.trade.state == "placed"
    expire_trades(now=NOW + timedelta(minutes=26), limit=10)
    assert sale.trade.state == "cancelled"
