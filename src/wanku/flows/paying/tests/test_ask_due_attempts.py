"""The clock of attempts: a notice that never comes is replaced by asking."""

from datetime import timedelta

import pytest

from tests.bank import Bank
from tests.cast import NOW
from tests.sale import Sale
from wanku.flows.paying.ask_due_attempts import ask_due_attempts

pytestmark = pytest.mark.django_db


def test_never_told_is_settled_by_asking(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="never")
    assert sale.trade.state == "placed"
    assert ask_due_attempts(now=NOW + timedelta(seconds=31), limit=10) == 1
    assert sale.trade.state == "paid"
