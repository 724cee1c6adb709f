"""Asking a channel."""

import httpx
import pytest

from tests.bank import Bank
from tests.cast import NOW
from tests.sale import Sale
from wanku.flows.paying.ask_channel import ask_channel
from wanku.payments.channel import ChannelDown, ChannelState, Known
from wanku.payments.gateways import GATEWAYS

pytestmark = pytest.mark.django_db


def test_the_gateway_refuses_an_unsigned_answer(bank: Bank, sale: Sale, monkeypatch: pytest.MonkeyPatch) -> None:
    liar = httpx.MockTransport(lambda r: httpx.Response(200, json={"number": "1", "state": "paid", "amount": 1}))
    monkeypatch.setattr(GATEWAYS["sandbox"], "transport", liar)
    with pytest.raises(ChannelDown):
        GATEWAYS["sandbox"].query(Known("1"))


def test_asking_applies_what_the_bank_says_and_strangers_to_it_stay_open(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    assert ask_channel(attempt.pk, now=NOW).state == ChannelState.UNKNOWN
    assert sale.trade.state == "placed"
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="never")
    assert ask_channel(attempt.pk, now=NOW).state == ChannelState.CAPTURED
    assert sale.trade.state == "paid"


def test_a_dead_channel_changes_nothing(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.wire.cut = True
    with pytest.raises(ChannelDown):
        ask_channel(attempt.pk, now=NOW)
    assert sale.trade.state == "placed"
