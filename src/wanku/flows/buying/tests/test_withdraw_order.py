"""Taking back a paid order before it is shipped."""

import pytest

from tests.bank import Bank
from tests.cast import NOW, Shop, supply_of
from tests.sale import Sale, balance, paid
from wanku.access.actor import Actor
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.kernel.refusal import Refusal
from wanku.payments.models import Refund

pytestmark = pytest.mark.django_db


def test_withdrawing_refunds_that_order_only(bank: Bank, sale: Sale, bo: Shop, cy: Shop) -> None:
    paid(bank, sale)
    withdraw_order(sale.order_of(bo).pk, actor=sale.actor, because="changed_mind", now=NOW)
    assert (sale.order_of(bo).state, sale.order_of(cy).state) == ("closed", "paid")
    assert supply_of(sale.tea).free == 10 and supply_of(sale.bag).sold == 1
    assert balance(f"merchant:{bo.merchant.pk}:held") == 0 and balance("buyer:refunds_due") == 19_800
    send_due_refunds(now=NOW, limit=10)
    assert Refund.objects.get().state == "succeeded" and balance("gateway:sandbox:clearing") == -12_000
    with pytest.raises(Refusal) as no:
        withdraw_order(sale.order_of(bo).pk, actor=sale.actor, because="again", now=NOW)
    assert no.value.code.name == "wrong_state" and Refund.objects.count() == 1


def test_who_may_withdraw(bank: Bank, sale: Sale, bo: Shop, cy: Shop, other_actor: Actor) -> None:
    paid(bank, sale)
    for actor in (other_actor, cy.actor):
        with pytest.raises(Refusal) as no:
            withdraw_order(sale.order_of(bo).pk, actor=actor, because="x", now=NOW)
        assert no.value.code.name == "not_found"
    assert not Refund.objects.exists()
    withdraw_order(sale.order_of(bo).pk, actor=bo.actor, because="broken in the store", now=NOW)
    assert sale.order_of(bo).state == "closed"
