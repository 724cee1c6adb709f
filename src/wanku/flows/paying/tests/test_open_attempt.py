"""Starting to pay, again and otherwise."""

from datetime import timedelta

import pytest

from tests.bank import Bank
from tests.cast import NOW
from tests.sale import Sale
from tests.scripted import Scripted
from wanku.access.actor import Actor
from wanku.flows.paying.open_attempt import open_attempt
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.orders.models import Order
from wanku.payments.channel import ChannelState, Method
from wanku.payments.models import Attempt, Refund

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


def start(sale: Sale, method: str = "one", **fields: str) -> Attempt:
    return open_attempt(sale.placed.trade_id, gateway="scripted", method=method, actor=sale.actor, now=NOW, **fields)


def test_the_channel_hears_everything_that_it_needs(scripted: Scripted, sale: Sale) -> None:
    attempt = start(sale, buyer_address="203.0.113.9", buyer_ref="openid-1")
    (opening,) = scripted.openings
    assert (opening.buyer_address, opening.buyer_ref) == ("203.0.113.9", "openid-1")
    assert (opening.amount, opening.currency, opening.expires_at) == (31_800, "CNY", attempt.expires_at)
    assert opening.notify_url.endswith("/hooks/payments/scripted")
    assert (attempt.shown_as, attempt.pay_url) == ("qr", f"scripted:{attempt.number}")


def test_a_change_of_method_closes_the_old_one_first(scripted: Scripted, sale: Sale) -> None:
    first = start(sale)
    second = start(sale, "two")
    assert scripted.calls == ["open", "query", "close", "open"]
    first.refresh_from_db()
    assert (first.state, second.state, second.method) == ("closed", "pending", "two")
    third = start(sale)
    assert third.pk != first.pk and Attempt.objects.filter(state="pending").get().pk == third.pk


def test_an_old_one_that_was_paid_pays_and_nothing_new_is_opened(scripted: Scripted, sale: Sale) -> None:
    first = start(sale)
    scripted.states[first.number] = ChannelState.CAPTURED
    with pytest.raises(Refusal, match="already_paid"):
        start(sale, "two")
    assert scripted.calls.count("open") == 1
    assert (sale.trade.state, Attempt.objects.count(), Refund.objects.count()) == ("paid", 1, 0)


@pytest.mark.parametrize("how", ["deciding", "query down", "close down", "other sum", "other currency"])
def test_while_the_old_one_may_still_be_paid_nothing_new_is_opened(scripted: Scripted, sale: Sale, how: str) -> None:
    first = start(sale)
    if how.startswith("other"):
        scripted.states[first.number] = ChannelState.CAPTURED
        scripted.paid[first.number] = (31_799, "CNY") if how == "other sum" else (31_800, "USD")
    scripted.deciding = how == "deciding"
    scripted.down = {how.partition(" ")[0]} if how.endswith("down") else set()
    with pytest.raises(Refusal, match="channel_down" if how.endswith("down") else "payment_under_way"):
        start(sale, "two")
    assert scripted.calls.count("open") == 1
    assert (Attempt.objects.get().state, sale.trade.state) == ("pending", "placed")
    assert not Entry.objects.exists()


def test_a_lost_answer_leaves_an_intent_that_the_next_try_closes(scripted: Scripted, sale: Sale) -> None:
    scripted.lost = {"open"}
    with pytest.raises(Refusal, match="channel_down"):
        start(sale)
    lost = Attempt.objects.get()
    assert (lost.state, scripted.states[lost.number]) == ("created", ChannelState.PENDING)
    scripted.lost = set()
    again = start(sale)
    lost.refresh_from_db()
    assert (lost.state, scripted.states[lost.number]) == ("closed", ChannelState.CLOSED)
    assert (again.state, again.number != lost.number) == ("pending", True)


def test_one_that_was_closed_while_it_was_opened_is_closed_at_the_channel_too(scripted: Scripted, sale: Sale) -> None:
    def closed_meanwhile(call: str) -> None:
        if call == "open":
            Attempt.objects.update(state="closed", due_at=None)

    scripted.during = closed_meanwhile
    with pytest.raises(Refusal, match="payment_under_way"):
        start(sale)
    assert scripted.calls == ["open", "close"]
    assert Attempt.objects.get().pay_url == ""


def test_a_way_to_pay_that_takes_days_gets_them(
    scripted: Scripted, sale: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = {"one": Method("One", clock="urge_gap"), "two": Method("Two", currencies=frozenset({"USD"}))}
    monkeypatch.setattr(Scripted, "methods", lambda self: slow)
    attempt = start(sale)
    until = NOW + timedelta(hours=6)
    assert (attempt.expires_at, sale.trade.due_at) == (until, until)
    assert set(Order.objects.values_list("due_at", flat=True)) == {until}
    with pytest.raises(Refusal, match="no_such_method"):
        start(sale, "two")
