"""Sending refunds through lost answers."""

from datetime import timedelta

import pytest

from tests.bank import Bank
from tests.cast import NOW, Shop
from tests.sale import Sale, balance, paid
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.payments.models import Refund

pytestmark = pytest.mark.django_db


def test_a_lost_answer_is_settled_by_asking(bank: Bank, sale: Sale, bo: Shop) -> None:
    paid(bank, sale)
    withdraw_order(sale.order_of(bo).pk, actor=sale.actor, because="x", now=NOW)
    bank.wire.lose_answers = True
    send_due_refunds(now=NOW, limit=10)
    refund = Refund.objects.get()
    assert refund.state == "sent" and balance("buyer:refunds_due") == 19_800
    bank.wire.lose_answers = False
    send_due_refunds(now=NOW + timedelta(seconds=61), limit=10)
    refund.refresh_from_db()
    assert refund.state == "succeeded" and balance("gateway:sandbox:clearing") == -12_000
    assert bank.wire.calls.count("/sandbox/api/refund") == 1
