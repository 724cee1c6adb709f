"""A refund that nobody can send is finance's."""

from datetime import timedelta

import pytest
import time_machine

from tests.bank import Bank
from tests.cast import NOW, Shop
from tests.sale import Sale, balance, paid
from wanku.access.actor import Actor
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.retry_refund import retry_refund
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.kernel.refusal import Refusal
from wanku.payments.models import Refund
from wanku.sandbox.models import Charge

pytestmark = pytest.mark.django_db


def test_a_refund_that_fails_again_and_again_is_finances(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    withdraw_order(sale.order_of(bo).pk, actor=sale.actor, because="x", now=NOW)
    Charge.objects.update(state="refused")
    at = NOW
    for _ in range(12):
        with time_machine.travel(at, tick=False):
            send_due_refunds(now=at, limit=10)
        at += timedelta(hours=7)
    refund = Refund.objects.get()
    assert (refund.state, refund.failure) == ("stuck", "no_such_payment")
    assert balance("buyer:refunds_due") == 19_800, "still owed, never silently dropped"
    Charge.objects.update(state="paid")
    with pytest.raises(Refusal):
        retry_refund(refund.pk, actor=bo.actor, because="please", now=at)
    with pytest.raises(Refusal) as no:
        retry_refund(refund.pk, actor=di_actor, because=" ", now=at)
    assert no.value.field == "because" and Refund.objects.get().state == "stuck"
    retry_refund(refund.pk, actor=di_actor, because="bank confirmed", now=at)
    with time_machine.travel(at, tick=False):
        send_due_refunds(now=at, limit=10)
    refund.refresh_from_db()
    assert refund.state == "succeeded" and balance("buyer:refunds_due") == 0
