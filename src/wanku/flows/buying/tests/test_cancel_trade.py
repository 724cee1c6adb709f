"""Taking back an unpaid order."""

import pytest

from tests.bank import Bank
from tests.cast import NOW, supply_of
from tests.sale import Sale
from wanku.access.actor import Actor
from wanku.flows.buying.cancel_trade import cancel_trade
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_cancel_by_the_buyer(bank: Bank, sale: Sale, other_actor: Actor) -> None:
    with pytest.raises(Refusal) as no:
        cancel_trade(sale.placed.trade_id, actor=other_actor, now=NOW)
    assert no.value.code.name == "not_found" and sale.trade.state == "placed"
    cancel_trade(sale.placed.trade_id, actor=sale.actor, now=NOW)
    assert sale.trade.state == "cancelled" and supply_of(sale.bag).held == 0
    with pytest.raises(Refusal) as no:
        cancel_trade(sale.placed.trade_id, actor=sale.actor, now=NOW)
    assert no.value.code.name == "wrong_state"
    with pytest.raises(Refusal) as no:
        sale.attempt()
    assert no.value.code.name == "payment_too_late"


def test_cancel_of_what_was_just_paid_is_refused(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="never")
    with pytest.raises(Refusal):
        cancel_trade(sale.placed.trade_id, actor=sale.actor, now=NOW)
    assert sale.trade.state == "paid"
