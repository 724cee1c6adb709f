"""Starting to pay, again and otherwise."""

import pytest

from tests.bank import Bank
from tests.cast import NOW
from tests.sale import Sale
from wanku.access.actor import Actor
from wanku.flows.paying.open_attempt import open_attempt
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.models import Attempt

pytestmark = pytest.mark.django_db


def test_refused_keeps_the_order_and_a_second_try_pays(bank: Bank, sale: Sale) -> None:
    first = sale.attempt()
    bank.pay(first.pay_url, first.number, NOW, choice="refused")
    first.refresh_from_db()
    assert (first.state, first.failure, sale.trade.state) == ("failed", "insufficient_funds", "placed")
    second = sale.attempt()
    assert second.pk != first.pk
    bank.pay(second.pay_url, second.number, NOW)
    assert sale.trade.state == "paid" and Entry.objects.count() == 1


def test_an_open_attempt_is_given_again(bank: Bank, sale: Sale) -> None:
    assert sale.attempt().pk == sale.attempt().pk
    assert Attempt.objects.count() == 1


def test_a_paid_trade_cannot_be_paid_again(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW)
    with pytest.raises(Refusal) as no:
        sale.attempt()
    assert no.value.code.name == "already_paid" and Attempt.objects.count() == 1


def test_strangers_and_unknown_methods(bank: Bank, sale: Sale, other_actor: Actor) -> None:
    with pytest.raises(Refusal) as no:
        open_attempt(sale.placed.trade_id, gateway="sandbox", method="page", actor=other_actor, now=NOW)
    assert no.value.code.name == "not_found"
    with pytest.raises(Refusal) as no:
        open_attempt(sale.placed.trade_id, gateway="sandbox", method="gold", actor=sale.actor, now=NOW)
    assert no.value.code.name == "no_such_method"
    assert not Attempt.objects.exists()
