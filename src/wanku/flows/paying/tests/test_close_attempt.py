"""Making sure that an attempt can no longer be paid."""

import pytest

from tests.bank import Bank
from tests.cast import NOW
from tests.sale import Sale
from wanku.flows.paying.close_attempt import close_attempt
from wanku.payments.channel import ChannelDown
from wanku.sandbox import bank as books

pytestmark = pytest.mark.django_db


def test_closed_here_and_at_the_bank(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    assert close_attempt(attempt.pk, now=NOW) is True
    attempt.refresh_from_db()
    assert attempt.state == "closed"
    bank.pay(attempt.pay_url, attempt.number, NOW)
    assert sale.trade.state == "placed", "the link is dead"
    assert close_attempt(attempt.pk, now=NOW) is True


def test_paid_meanwhile_is_settled_instead(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="never")
    assert close_attempt(attempt.pk, now=NOW) is False
    assert sale.trade.state == "paid"
    assert close_attempt(attempt.pk, now=NOW) is False


def test_refused_meanwhile_is_failed(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.visit(attempt.pay_url)
    books.answer(attempt.number, "refused", NOW)
    assert close_attempt(attempt.pk, now=NOW) is True
    attempt.refresh_from_db()
    assert (attempt.state, sale.trade.state) == ("failed", "placed")


def test_under_way_or_unknown_stays_open(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="late")
    assert close_attempt(attempt.pk, now=NOW) is False
    bank.wire.cut = True
    with pytest.raises(ChannelDown):
        close_attempt(attempt.pk, now=NOW)
    attempt.refresh_from_db()
    assert attempt.state == "pending"
