"""The bills of the simulated channels, by their real protocols, beside our books: no difference."""

from datetime import timedelta

import pytest
import time_machine

from tests.banks import Banks
from tests.cast import NOW
from tests.sale import Sale
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.orders.models import Order
from wanku.payments.models import Refund
from wanku.reconciliation.days import day_of
from wanku.reconciliation.models import Bill, BillLine, FinanceCase

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("gateway", "method"), [("wechat", "native"), ("alipay", "precreate"), ("stripe", "card")])
def test_zero_difference(gateway: str, method: str, banks: Banks, sale: Sale) -> None:
    attempt = open_attempt(sale.trade.pk, gateway=gateway, method=method, actor=sale.actor, now=NOW)
    banks.pay(attempt.number)
    banks.deliver()
    order = Order.objects.filter(trade=sale.trade).order_by("pk")[0]
    withdraw_order(order.pk, actor=sale.actor, because="changed_mind", now=NOW)
    for wait in (0, 120):
        send_due_refunds(now=NOW + timedelta(seconds=wait), limit=9)
        banks.deliver(after=wait)
    later = NOW + timedelta(days=1, hours=12)
    banks.now = later
    with time_machine.travel(later, tick=False):
        done = reconcile_day(gateway, day_of(gateway, NOW), now=later)
    bill = Bill.objects.get()
    lines = list(BillLine.objects.values_list("kind", "number", "found"))
    assert (done.rows, done.matched, FinanceCase.objects.count()) == (2, 2, 0), lines
    assert Refund.objects.get().state == "succeeded"
    assert bill.ours == bill.theirs
    assert [check.rows for check in prove_books() if not check.holds] == []
