"""Every channel, from the order to the books: every fault on the way ends in the same books.

What only one of them does is in the file of that channel.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from stripe import HTTPClient

from tests.banks import Banks
from tests.cast import NOW, supply_of
from tests.faults.ways import ALIPAY, STRIPE, WAYS, WECHAT, Way
from tests.sale import Sale, balance
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.paying.ask_due_attempts import ask_due_attempts
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.models import ChannelEvent
from wanku.sandbox.banks import books

pytestmark = pytest.mark.django_db
every = pytest.mark.parametrize("way", WAYS.values(), ids=str)
REFUND_FAULTS = {
    ALIPAY: ("", "lost_answer", "error", "altered", "notice", "duplicate", "forged"),
    WECHAT: ("", "lost_answer", "error", "slow", "notice", "duplicate", "forged", "wrong_amount"),
    STRIPE: ("", "lost_answer", "error", "notice"),
}
TOLD = ("duplicate", "forged", "wrong_amount")
"""Faults of the notice of a refund; the others are of the answer to asking for one."""


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0.0)


@every
@pytest.mark.parametrize("fault", ["duplicate", "forged", "altered", "out_of_order"])
def test_notices_that_go_wrong(banks: Banks, sale: Sale, way: Way, fault: str) -> None:
    attempt = way.begin(sale)
    banks.fault(way.name, "notice", fault, number=attempt.number)
    way.pay(banks, attempt)
    if fault in ("altered", "out_of_order"):
        assert sale.trade.state == "placed" and not ChannelEvent.objects.exists()
        banks.deliver(after=way.again)
    way.in_order(sale)
    assert banks.unheard() == 0
    assert [status for _, status in banks.answers] == {
        "duplicate": [way.heard] * 2, "forged": [401, way.heard], "altered": [401, way.heard],
        "out_of_order": [way.heard],
    }[fault]  # fmt: skip


@every
def test_a_wrong_amount_pays_nothing(banks: Banks, sale: Sale, way: Way) -> None:
    attempt = way.begin(sale)
    banks.fault(way.name, "notice", "wrong_amount", number=attempt.number)
    way.pay(banks, attempt)
    assert sale.trade.state == "placed" and not Entry.objects.exists()
    assert ChannelEvent.objects.get().outcome == "payment_mismatch"
    banks.deliver(after=way.again)
    way.in_order(sale)
    assert [status for _, status in banks.answers] == [409, way.heard]


@pytest.mark.parametrize(
    ("way", "fresh"), [(ALIPAY, timedelta(hours=27)), (WECHAT, timedelta(minutes=5))], ids=["alipay", "wechat"]
)
def test_a_replayed_notice_has_no_further_effect(banks: Banks, sale: Sale, way: Way, fresh: timedelta) -> None:
    hook = f"http://testserver/hooks/payments/{way.name}"
    attempt = way.begin(sale)
    way.pay(banks, attempt)
    kept = banks.signed(banks.notices(attempt.number)[0])
    for _ in range(3):
        assert banks.send(hook, *kept) == way.heard
    assert ChannelEvent.objects.count() == 1
    way.in_order(sale)
    assert banks.send(hook, *kept, now=NOW + fresh) == 401, "and after a time it is not read at all"


@every
def test_never_told_is_asked(banks: Banks, sale: Sale, way: Way) -> None:
    attempt = way.begin(sale)
    banks.fault(way.name, "notice", "never", number=attempt.number)
    way.pay(banks, attempt)
    assert sale.trade.state == "placed" and banks.answers == []
    ask_due_attempts(now=NOW + timedelta(seconds=31), limit=10)
    way.in_order(sale)
    banks.deliver(after=way.again)
    way.in_order(sale)


@pytest.mark.parametrize(
    ("way", "steps", "last", "states"),
    [(ALIPAY, (240, 600, 600), 3_600, ("paid", "cancelled")), (WECHAT, (15, 15, 30), 180, ("paid",))],
    ids=["alipay", "wechat"],
)
def test_told_again_until_the_shop_is_back(
    banks: Banks, sale: Sale, way: Way, steps: tuple[int, ...], last: int, states: tuple[str, ...]
) -> None:
    """Each by its own ladder of times."""
    attempt = way.begin(sale)
    banks.deaf = True
    way.pay(banks, attempt)
    for step in steps:
        assert banks.deliver(after=step) == 1
    assert sale.trade.state == "placed" and banks.unheard() == 1
    banks.deaf = False
    assert banks.deliver(after=last - 1) == 0 and banks.deliver(after=1) == 1
    assert sale.trade.state in states
    assert banks.unheard() == 0 and banks.deliver(after=86_400) == 0


@every
def test_the_answer_to_opening_was_lost(banks: Banks, sale: Sale, way: Way) -> None:
    """Nobody knows whether it is open: another try is another payment, and the first one is closed."""
    method = "precreate" if way == ALIPAY else way.method
    banks.fault(way.name, "create", "lost_answer", times=way.tries)
    with pytest.raises(Refusal) as refused:
        replace(way, method=method).begin(sale)
    assert refused.value.code.name == "channel_down"
    way.pay(banks, way.begin(sale))
    way.in_order(sale)
    if way != ALIPAY:  # which knows no trade before its code was scanned
        assert sorted(payment.state for payment in banks.books.all(books.Payment)) == ["closed", "paid"]


@every
def test_paid_at_the_last_moment(banks: Banks, sale: Sale, way: Way) -> None:
    attempt = way.begin(sale)
    banks.fault(way.name, "notice", "never", number=attempt.number)
    way.pay(banks, attempt)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    way.in_order(sale)


@every
def test_expired_orders_can_no_longer_be_paid(banks: Banks, sale: Sale, way: Way) -> None:
    attempt = way.begin(sale)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    assert sale.trade.state == "cancelled" and supply_of(sale.tea).free == 10
    assert way.pay_now(banks, attempt).state == "closed" and not Entry.objects.exists()


@pytest.mark.parametrize(
    ("way", "fault"), [(way, fault) for way, faults in REFUND_FAULTS.items() for fault in faults], ids=str
)
def test_money_that_comes_late_goes_back_once(banks: Banks, sale: Sale, way: Way, fault: str) -> None:
    refund = way.late_money(banks, sale)
    assert sale.trade.state == "cancelled" and (refund.reason, refund.amount) == ("late", 31_800)
    if fault == "notice":
        banks.fault(way.name, "notice", "never", number=refund.number)
    elif fault in TOLD:
        banks.fault(way.name, "notice", fault, number=refund.number)
    elif fault:
        banks.fault(way.name, "refund", fault, seconds=0.1, times=way.tries)
    for _ in range(4):
        send_due_refunds(now=banks.now, limit=10)
        banks.deliver(after=5 * 60)
    refund.refresh_from_db()
    assert refund.state == "succeeded" and way.owes() == 0 == balance("buyer:refunds_due")
    assert [row.amount for row in banks.books.all(books.Refund)] == [31_800]
    assert banks.unheard() == (fault == "notice")


@pytest.mark.parametrize(
    ("way", "failure"),
    [(ALIPAY, "ACQ.SELLER_BALANCE_NOT_ENOUGH"), (WECHAT, "not_enough")],
    ids=["alipay", "wechat"],
)
def test_no_money_on_the_account_is_tried_again(banks: Banks, sale: Sale, way: Way, failure: str) -> None:
    refund = way.late_money(banks, sale)
    banks.banks[way.name].withdraw(31_000)
    send_due_refunds(now=banks.now, limit=10)
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("failed", failure)
    banks.banks[way.name].withdraw(-31_000)
    for _ in range(6):
        banks.deliver(after=30 * 60)
        send_due_refunds(now=banks.now, limit=10)
    banks.deliver(after=10)
    refund.refresh_from_db()
    assert refund.state == "succeeded" and way.owes() == 0
