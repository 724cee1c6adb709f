"""Paying and paying back, over the bank's real protocol."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.bank import Bank
from tests.cast import ADDRESS, NOW, Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.flows.buying.cancel_trade import cancel_trade
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.place_order import Checkout, Contact, Placed, place_order
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.ask_due_attempts import ask_due_attempts
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.paying.retry_refund import retry_refund
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Balance, Entry, Posting
from wanku.orders.models import Order, Trade
from wanku.payments.gateways import GATEWAYS
from wanku.payments.gateways.sandbox.signing import HEADER, sign
from wanku.payments.models import Attempt, ChannelEvent, Refund
from wanku.pricing.quote import Wish

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=16)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    """Signatures carry the time of the wire; the flows get theirs from the test."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@dataclass
class Sale:
    """A placed trade of two orders."""

    placed: Placed
    actor: Actor
    tea: Variant
    bag: Variant

    @property
    def trade(self) -> Trade:
        return Trade.objects.get(pk=self.placed.trade_id)

    def order_of(self, shop: Shop) -> Order:
        return Order.objects.get(trade=self.trade, merchant=shop.merchant)

    def attempt(self, now: datetime = NOW) -> Attempt:
        return open_attempt(self.placed.trade_id, gateway="sandbox", method="page", actor=self.actor, now=now)


@pytest.fixture
def sale(guest_actor: Actor, bo: Shop, cy: Shop) -> Sale:
    tea, bag = variant_of(product_of(bo.merchant)), variant_of(product_of(cy.merchant, prices=(12_000,)))
    checkout = Checkout(
        actor=guest_actor,
        key="key-00000001",
        wishes=(Wish(tea.pk, 2), Wish(bag.pk, 1)),
        contact=Contact("安", "13800138000"),
        address=ADDRESS,
        agreed_total=31_800,
    )
    return Sale(place_order(checkout, now=NOW), guest_actor, tea, bag)


def balance(account: str) -> int:
    return sum(Posting.objects.filter(account=account).values_list("amount", flat=True))


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


def test_never_told_is_settled_by_asking(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="never")
    assert sale.trade.state == "placed"
    assert ask_due_attempts(now=NOW + timedelta(seconds=31), limit=10) == 1
    assert sale.trade.state == "paid"


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


@pytest.mark.parametrize("with_stock", [True, False])
def test_money_after_expiry(bank: Bank, sale: Sale, with_stock: bool) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="late", late=30 * 60)
    assert expire_trades(now=LATER, limit=10) == 1
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


def test_silence_cancels_and_sets_free(bank: Bank, sale: Sale) -> None:
    assert expire_trades(now=NOW + timedelta(minutes=14), limit=10) == 0
    attempt = sale.attempt()
    assert expire_trades(now=LATER, limit=10) == 1
    attempt.refresh_from_db()
    assert (sale.trade.state, attempt.state) == ("cancelled", "closed")
    assert set(Order.objects.values_list("state", flat=True)) == {"cancelled"}
    assert supply_of(sale.tea).free == 10
    assert Client().get(attempt.pay_url.removeprefix("http://testserver")).content.count(b'name="choice"') == 0


def test_expiry_asks_first(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="never")
    expire_trades(now=LATER, limit=10)
    assert sale.trade.state == "paid"


def test_a_dead_channel_delays_expiry_but_not_for_ever(bank: Bank, sale: Sale) -> None:
    sale.attempt()
    bank.wire.cut = True
    expire_trades(now=LATER, limit=10)
    assert sale.trade.state == "placed"
    expire_trades(now=NOW + timedelta(minutes=26), limit=10)
    assert sale.trade.state == "cancelled"


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


def notice(number: str, **facts: Any) -> bytes:
    import json

    body = {"event_id": "E1", "number": number, "ref": "P1", "state": "paid", "amount": 31_800, "currency": "CNY"}
    return json.dumps({**body, **facts}).encode()


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


def paid(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW)


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


def test_a_refund_that_fails_again_and_again_is_finances(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    from wanku.sandbox.models import Charge

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
    retry_refund(refund.pk, actor=di_actor, because="bank confirmed", now=at)
    with time_machine.travel(at, tick=False):
        send_due_refunds(now=at, limit=10)
    refund.refresh_from_db()
    assert refund.state == "succeeded" and balance("buyer:refunds_due") == 0


def test_the_gateway_refuses_an_unsigned_answer(bank: Bank, sale: Sale, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    from wanku.payments.channel import ChannelDown

    liar = httpx.MockTransport(lambda r: httpx.Response(200, json={"number": "1", "state": "paid", "amount": 1}))
    monkeypatch.setattr(GATEWAYS["sandbox"], "transport", liar)
    with pytest.raises(ChannelDown):
        GATEWAYS["sandbox"].query("1")


def test_now_is_utc() -> None:
    assert NOW.tzinfo is UTC
