"""Cards at Stripe, from the order to the books: every fault on the way ends in the same books."""

from datetime import timedelta

import httpx
import pytest
from stripe import HTTPClient

from tests.banks import Banks
from tests.cast import NOW, supply_of
from tests.sale import Sale, balance
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.paying.ask_due_attempts import ask_due_attempts
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.models import Attempt, ChannelEvent, Refund
from wanku.sandbox.banks import books
from wanku.sandbox.banks.stripe import cards

pytestmark = pytest.mark.django_db
CARD = "4242424242424242"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0.0)


def attempt_of(sale: Sale) -> Attempt:
    """Start to pay by card."""
    return open_attempt(sale.placed.trade_id, gateway="stripe", method="card", actor=sale.actor, now=NOW)


def pay(banks: Banks, attempt: Attempt, card: str = CARD) -> None:
    """Type a card on the bank's page, in a browser of its own."""
    with httpx.Client(trust_env=False) as browser:
        assert "4242" in browser.get(attempt.pay_url).text
        browser.post(attempt.pay_url, data={"choice": "card", "card": card})


def in_order(sale: Sale) -> None:
    """Paid once, booked once."""
    assert sale.trade.state == "paid" and supply_of(sale.tea).sold == 2
    assert balance("gateway:stripe:clearing") == -31_800
    assert Entry.objects.filter(reason="capture").count() == 1 and not Refund.objects.exists()


def test_paid(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    pay(banks, attempt)
    banks.deliver()
    in_order(sale)
    assert banks.unheard() == 0
    attempt.refresh_from_db()
    assert attempt.channel_ref.startswith("pi_")


def test_told_by_every_event_that_there_is(banks: Banks, sale: Sale) -> None:
    account = banks.server.accounts()["stripe"]
    told = httpx.post(
        f"{account['public']['base_url']}/v1/webhook_endpoints",
        headers={"Authorization": f"Bearer {account['secret']['secret_key']}"},
        data={"url": "http://testserver/hooks/payments/stripe", "enabled_events[0]": "*"},
        trust_env=False,
    )
    assert told.json()["secret"] == account["secret"]["webhook_secret"]
    pay(banks, attempt_of(sale))
    assert banks.deliver() == 3
    in_order(sale)
    assert banks.unheard() == 0, "what is not used is heard as well"
    assert ChannelEvent.objects.count() == 2, "and leaves nothing"


@pytest.mark.parametrize("fault", ["duplicate", "forged", "altered", "out_of_order"])
def test_notices_that_go_wrong(banks: Banks, sale: Sale, fault: str) -> None:
    attempt = attempt_of(sale)
    banks.fault("stripe", "notice", fault, number=attempt.number)
    pay(banks, attempt)
    banks.deliver()
    if fault in ("altered", "out_of_order"):
        assert sale.trade.state == "placed"
        banks.deliver(after=400)
    in_order(sale)
    assert banks.unheard() == 0
    assert [status for _, status in banks.answers] == {
        "duplicate": [200, 200], "forged": [401, 200], "altered": [401, 200], "out_of_order": [200]
    }[fault]  # fmt: skip


def test_a_wrong_amount_pays_nothing(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.fault("stripe", "notice", "wrong_amount", number=attempt.number)
    pay(banks, attempt)
    banks.deliver()
    assert sale.trade.state == "placed" and not Entry.objects.exists()
    assert ChannelEvent.objects.get().outcome == "payment_mismatch"
    banks.deliver(after=400)
    in_order(sale)


def test_never_told_is_asked(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.fault("stripe", "notice", "never", number=attempt.number)
    pay(banks, attempt)
    banks.deliver()
    assert sale.trade.state == "placed"
    ask_due_attempts(now=NOW + timedelta(seconds=31), limit=10)
    in_order(sale)
    banks.deliver(after=400)
    in_order(sale)


def test_declined_and_then_another_card(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    pay(banks, attempt, "4000000000009995")
    banks.deliver()
    attempt.refresh_from_db()
    assert attempt.state == "pending" and not Entry.objects.exists()
    pay(banks, attempt)
    banks.deliver()
    in_order(sale)


def test_the_answer_to_opening_was_lost(banks: Banks, sale: Sale) -> None:
    banks.fault("stripe", "create", "lost_answer", times=2)
    with pytest.raises(Refusal) as refused:
        attempt_of(sale)
    assert refused.value.code.name == "channel_down"
    pay(banks, attempt_of(sale))
    banks.deliver()
    in_order(sale)
    assert sorted(payment.state for payment in banks.books.all(books.Payment)) == ["closed", "paid"]


def test_paid_at_the_last_moment(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.fault("stripe", "notice", "never", number=attempt.number)
    pay(banks, attempt)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    in_order(sale)


def test_expired_orders_can_no_longer_be_paid(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    assert sale.trade.state == "cancelled" and supply_of(sale.tea).free == 10
    pay_after = cards.try_card(banks.banks["stripe"], banks.payment(attempt.number), CARD)
    assert pay_after.state == "closed" and not Entry.objects.exists()


@pytest.mark.parametrize("fault", ["", "lost_answer", "error", "notice"])
def test_money_that_comes_late_goes_back_once(banks: Banks, sale: Sale, fault: str) -> None:
    attempt = attempt_of(sale)
    banks.fault("stripe", "pay", "late", seconds=40 * 60, number=attempt.number)
    pay(banks, attempt)
    for minutes in (16, 27):
        expire_trades(now=NOW + timedelta(minutes=minutes), limit=10)
    supply = supply_of(sale.tea)
    supply.free = supply.put_in = 1
    supply.save()
    banks.deliver(after=41 * 60)
    refund = Refund.objects.get()
    assert sale.trade.state == "cancelled" and (refund.reason, refund.amount) == ("late", 31_800)
    if fault == "notice":
        banks.fault("stripe", "notice", "never", number=refund.number)
    elif fault:
        banks.fault("stripe", "refund", fault, times=2)
    at = banks.now
    for _ in range(3):
        send_due_refunds(now=at, limit=10)
        at += timedelta(minutes=5)
    banks.deliver()
    refund.refresh_from_db()
    assert refund.state == "succeeded" and balance("gateway:stripe:clearing") == 0 == balance("buyer:refunds_due")
    assert [row.amount for row in banks.books.all(books.Refund)] == [31_800]
