"""The one path by which a payment becomes real: told once, twice, late, wrong or forged."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.bank import Bank
from tests.cast import NOW, Shop, supply_of
from tests.sale import Sale, balance, notice
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.ledger.models import Balance, Entry
from wanku.payments.channel import ChannelResult, ChannelState
from wanku.payments.gateways.sandbox.signing import HEADER, sign
from wanku.payments.models import Attempt, ChannelEvent, Refund

pytestmark = pytest.mark.django_db


def test_paid(bank: Bank, sale: Sale, bo: Shop, cy: Shop) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW)
    assert bank.unheard() == 0
    assert sale.trade.state == "paid" and sale.trade.due_at is None
    order = sale.order_of(bo)
    assert order.state == "paid" and order.due_at == order.ship_by == NOW + timedelta(hours=48)
    supply = supply_of(sale.tea)
    assert (supply.free, supply.held, supply.sold) == (8, 0, 2)
    assert balance("gateway:sandbox:clearing") == -31_800
    assert balance(f"merchant:{bo.merchant.pk}:held") == 19_800
    assert Balance.objects.get(account=f"merchant:{cy.merchant.pk}:held").amount == 12_000
    assert Entry.objects.get().reason == "capture"
    sale.tea.product.refresh_from_db()
    assert sale.tea.product.sold_count == 2


def test_told_several_times_has_one_effect(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="twice")
    assert bank.unheard() == 0
    assert Entry.objects.count() == 1 and not Refund.objects.exists()
    assert ChannelEvent.objects.count() == 2


@pytest.mark.parametrize("with_stock", [True, False])
def test_money_after_expiry(bank: Bank, sale: Sale, with_stock: bool) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="late", late=30 * 60)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    assert sale.trade.state == "placed", "the bank is still deciding"
    assert expire_trades(now=NOW + timedelta(minutes=26), limit=10) == 1
    assert sale.trade.state == "cancelled" and supply_of(sale.tea).free == 10
    if not with_stock:
        supply = supply_of(sale.tea)
        supply.free, supply.put_in = 1, 1
        supply.save()
    at = NOW + timedelta(minutes=31)
    with time_machine.travel(at, tick=False):
        bank.deliver(at)
    attempt.refresh_from_db()
    if with_stock:
        assert (sale.trade.state, attempt.duplicate, supply_of(sale.tea).sold) == ("paid", False, 2)
        assert Entry.objects.get().reason == "capture"
        return
    assert (sale.trade.state, attempt.state, attempt.duplicate) == ("cancelled", "captured", True)
    assert balance("buyer:refunds_due") == 31_800
    assert send_due_refunds(now=at, limit=10) == 1
    refund = Refund.objects.get()
    assert (refund.state, refund.reason, refund.amount) == ("succeeded", "late", 31_800)
    assert balance("buyer:refunds_due") == 0 == balance("gateway:sandbox:clearing")


def test_paid_twice_refunds_the_second(bank: Bank, sale: Sale) -> None:
    first = sale.attempt()
    bank.visit(first.pay_url)
    Attempt.objects.filter(pk=first.pk).update(state="failed", due_at=None)  # e.g. a failure that was no failure
    second = sale.attempt()
    bank.pay(second.pay_url, second.number, NOW)
    bank.pay(first.pay_url, first.number, NOW)
    first.refresh_from_db()
    assert first.duplicate and sale.trade.state == "paid"
    send_due_refunds(now=NOW, limit=10)
    assert Refund.objects.get().state == "succeeded"
    assert balance("gateway:sandbox:clearing") == -31_800


@pytest.mark.parametrize(
    ("facts", "status", "outcome"),
    [
        ({"amount": 31_799}, 409, "payment_mismatch"),
        ({"currency": "USD"}, 409, "payment_mismatch"),
        ({"number": "26111100000000000"}, 404, "unknown_payment"),
    ],
)
def test_a_notice_that_does_not_fit_changes_nothing(
    bank: Bank, sale: Sale, facts: dict[str, Any], status: int, outcome: str
) -> None:
    attempt = sale.attempt()
    body = notice(**{"number": attempt.number, **facts})
    headers = {HEADER: sign(body, NOW)}
    answer = Client().post("/hooks/payments/sandbox", body, content_type="application/json", headers=headers)
    assert answer.status_code == status
    again = Client().post("/hooks/payments/sandbox", body, content_type="application/json", headers=headers)
    assert again.status_code == status, "a repeat is not taken for an effect"
    assert ChannelEvent.objects.get().outcome == outcome
    assert sale.trade.state == "placed" and not Entry.objects.exists()


def test_forged_altered_and_old_notices_are_refused(bank: Bank, sale: Sale) -> None:
    body = notice(sale.attempt().number)
    good = sign(body, NOW)
    for headers, sent in [
        ({}, body),
        ({HEADER: "t=1,v1=00"}, body),
        ({HEADER: good}, body.replace(b"31800", b"31801")),
        ({HEADER: sign(body, NOW - timedelta(seconds=301))}, body),
        ({HEADER: sign(b"[]", NOW)}, b"[]"),
    ]:
        answer = Client().post("/hooks/payments/sandbox", sent, content_type="application/json", headers=headers)
        assert answer.status_code == 401
    assert not ChannelEvent.objects.exists() and sale.trade.state == "placed"
    assert Client().post("/hooks/payments/nobank", body, content_type="application/json").status_code == 404


def test_failed_after_paid_does_not_go_back(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW)
    body = notice(attempt.number, event_id="E2", state="refused", refusal="card_declined")
    Client().post("/hooks/payments/sandbox", body, content_type="application/json", headers={HEADER: sign(body, NOW)})
    attempt.refresh_from_db()
    assert (attempt.state, sale.trade.state) == ("captured", "paid")


def test_closed_by_the_channel_and_paid_after_all(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    closed = ChannelResult("sandbox", attempt.number, ChannelState.CLOSED, event_id="E-closed")
    assert [settle_attempt(closed, now=NOW) for _ in range(2)] == ["applied", "repeated"]
    attempt.refresh_from_db()
    assert (attempt.state, attempt.due_at) == ("closed", None) and sale.trade.state == "placed"
    failed = ChannelResult("sandbox", attempt.number, ChannelState.FAILED)
    assert settle_attempt(failed, now=NOW) == "ignored", "it is decided"
    paid = ChannelResult("sandbox", attempt.number, ChannelState.CAPTURED, 31_800, "CNY", "P1")
    assert settle_attempt(paid, now=NOW) == "applied" and sale.trade.state == "paid"
    late = ChannelResult("sandbox", attempt.number, ChannelState.CLOSED)
    assert settle_attempt(late, now=NOW) == "repeated" and sale.trade.state == "paid"
