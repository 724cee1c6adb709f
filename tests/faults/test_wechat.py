"""WeChat Pay, from the order to the books: every fault on the way ends in the same books."""

from datetime import timedelta

import httpx
import pytest

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
from wanku.sandbox.banks.wechat.bank import WechatBank

pytestmark = pytest.mark.django_db
HOOK = "http://testserver/hooks/payments/wechat"


def attempt_of(sale: Sale) -> Attempt:
    """Start to pay with a code."""
    return open_attempt(sale.placed.trade_id, gateway="wechat", method="native", actor=sale.actor, now=NOW)


def bank_of(banks: Banks) -> WechatBank:
    """WeChat Pay itself."""
    bank = banks.banks["wechat"]
    assert isinstance(bank, WechatBank)
    return bank


def late_money(banks: Banks, sale: Sale) -> Refund:
    """Money that came when the order had ended and the goods were gone: it is to go back."""
    attempt = attempt_of(sale)
    banks.fault("wechat", "pay", "late", seconds=40 * 60, number=attempt.number)
    banks.pay(attempt.number)
    for minutes in (16, 27):
        expire_trades(now=NOW + timedelta(minutes=minutes), limit=10)
    supply = supply_of(sale.tea)
    supply.free = supply.put_in = 1
    supply.save()
    banks.deliver(after=41 * 60)
    return Refund.objects.get()


def in_order(sale: Sale) -> None:
    """Paid once, booked once."""
    assert sale.trade.state == "paid" and supply_of(sale.tea).sold == 2
    assert balance("gateway:wechat:clearing") == -31_800
    assert Entry.objects.filter(reason="capture").count() == 1 and not Refund.objects.exists()


def test_paid_by_scanning_the_code(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    assert (attempt.shown_as, attempt.channel_ref) == ("qr", "")
    with httpx.Client(trust_env=False, follow_redirects=True) as phone:
        page = phone.get(f"{banks.url}/scan", params={"text": attempt.pay_url})
        assert attempt.number in page.text
        phone.post(str(page.url), data={"choice": "pay"})
    banks.deliver()
    in_order(sale)
    attempt.refresh_from_db()
    assert banks.unheard() == 0 and attempt.channel_ref == banks.payment(attempt.number).ref


@pytest.mark.parametrize("fault", ["duplicate", "forged", "altered", "out_of_order"])
def test_notices_that_go_wrong(banks: Banks, sale: Sale, fault: str) -> None:
    attempt = attempt_of(sale)
    banks.fault("wechat", "notice", fault, number=attempt.number)
    banks.pay(attempt.number)
    if fault in ("altered", "out_of_order"):
        assert sale.trade.state == "placed" and not ChannelEvent.objects.exists()
        banks.deliver(after=60)
    in_order(sale)
    assert banks.unheard() == 0
    assert [status for _, status in banks.answers] == {
        "duplicate": [204, 204], "forged": [401, 204], "altered": [401, 204], "out_of_order": [204]
    }[fault]  # fmt: skip


def test_a_wrong_amount_pays_nothing(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.fault("wechat", "notice", "wrong_amount", number=attempt.number)
    banks.pay(attempt.number)
    assert sale.trade.state == "placed" and not Entry.objects.exists()
    assert ChannelEvent.objects.get().outcome == "payment_mismatch"
    banks.deliver(after=15)
    in_order(sale)
    assert [status for _, status in banks.answers] == [409, 204]


def test_a_replayed_notice_has_no_further_effect(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.pay(attempt.number)
    notice = banks.notices(attempt.number)[0]
    kept = banks.signed(notice)
    for _ in range(3):
        assert banks.send(HOOK, *kept) == 204
    assert ChannelEvent.objects.count() == 1
    in_order(sale)
    assert banks.send(HOOK, *kept, now=NOW + timedelta(minutes=5)) == 401, (
        "and after five minutes it is not read at all"
    )


def test_never_told_is_asked(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.fault("wechat", "notice", "never", number=attempt.number)
    banks.pay(attempt.number)
    assert sale.trade.state == "placed" and banks.answers == []
    ask_due_attempts(now=NOW + timedelta(seconds=31), limit=10)
    in_order(sale)


def test_told_again_until_the_shop_is_back(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.deaf = True
    banks.pay(attempt.number)
    for step in (15, 15, 30):
        assert banks.deliver(after=step) == 1
    assert sale.trade.state == "placed" and banks.unheard() == 1
    banks.deaf = False
    assert banks.deliver(after=179) == 0 and banks.deliver(after=1) == 1
    in_order(sale)
    assert banks.deliver(after=86_400) == 0


def test_the_answer_to_opening_was_lost(banks: Banks, sale: Sale) -> None:
    banks.fault("wechat", "create", "lost_answer")
    with pytest.raises(Refusal) as refused:
        attempt_of(sale)
    assert refused.value.code.name == "channel_down"
    attempt = attempt_of(sale)
    banks.pay(attempt.number)
    in_order(sale)
    assert sorted(payment.state for payment in banks.books.all(books.Payment)) == ["closed", "paid"]


def test_refused_by_the_payers_bank(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.refuse(attempt.number)
    assert banks.answers == [], "WeChat Pay tells of success only"
    ask_due_attempts(now=NOW + timedelta(seconds=31), limit=10)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.failure) == ("failed", "payerror") and sale.trade.state == "placed"
    again = attempt_of(sale)
    assert again.number != attempt.number
    banks.pay(again.number)
    in_order(sale)


def test_paid_at_the_last_moment(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.fault("wechat", "notice", "never", number=attempt.number)
    banks.pay(attempt.number)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    in_order(sale)


def test_expired_orders_can_no_longer_be_paid(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    assert sale.trade.state == "cancelled" and supply_of(sale.tea).free == 10
    assert banks.pay(attempt.number).state == "closed" and not Entry.objects.exists()


@pytest.mark.parametrize("fault", ["", "lost_answer", "error", "slow", "notice", "duplicate", "forged", "wrong_amount"])
def test_money_that_comes_late_goes_back_once(banks: Banks, sale: Sale, fault: str) -> None:
    refund = late_money(banks, sale)
    assert sale.trade.state == "cancelled" and (refund.reason, refund.amount) == ("late", 31_800)
    if fault == "notice":
        banks.fault("wechat", "notice", "never", number=refund.number)
    elif fault in ("duplicate", "forged", "wrong_amount"):
        banks.fault("wechat", "notice", fault, number=refund.number)
    elif fault:
        banks.fault("wechat", "refund", fault, seconds=0.1)
    for _ in range(4):
        send_due_refunds(now=banks.now, limit=10)
        banks.deliver(after=5 * 60)
    refund.refresh_from_db()
    assert refund.state == "succeeded" and balance("gateway:wechat:clearing") == 0 == balance("buyer:refunds_due")
    assert [row.amount for row in banks.books.all(books.Refund)] == [31_800]
    assert banks.unheard() == (fault == "notice")


def test_a_refund_is_told_twice_and_booked_once(banks: Banks, sale: Sale) -> None:
    refund = late_money(banks, sale)
    send_due_refunds(now=banks.now, limit=10)
    refund.refresh_from_db()
    assert refund.state == "sent", "accepted is not arrived"
    entries = Entry.objects.count()
    banks.deliver(after=2)
    notice = banks.notices(refund.number)[0]
    for _ in range(3):
        assert banks.send(HOOK, *banks.signed(notice)) == 204
    refund.refresh_from_db()
    assert refund.state == "succeeded" and refund.channel_ref == banks.refund(refund.number).ref
    assert Entry.objects.count() == entries + 1 and balance("gateway:wechat:clearing") == 0


@pytest.mark.parametrize("fate", ["ABNORMAL", "CLOSED"])
def test_a_refund_that_does_not_arrive_is_told(banks: Banks, sale: Sale, fate: str) -> None:
    refund = late_money(banks, sale)
    send_due_refunds(now=banks.now, limit=10)
    bank_of(banks).spoil_refund(refund.number, fate)
    banks.deliver(after=2)
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("failed", fate.lower())
    assert balance("gateway:wechat:clearing") == -31_800 and balance("buyer:refunds_due") == 31_800


@pytest.mark.parametrize(
    ("received", "state"),
    [("招商银行借记卡0403", "succeeded"), ("商户结算银行账户", "failed")],
    ids=["to the buyer", "to the merchant"],
)
def test_an_abnormal_refund_that_was_sent_elsewhere(banks: Banks, sale: Sale, received: str, state: str) -> None:
    """WeChat Pay calls both a success; the buyer has the money only in one of them."""
    refund = late_money(banks, sale)
    send_due_refunds(now=banks.now, limit=10)
    bank_of(banks).spoil_refund(refund.number, "ABNORMAL")
    banks.deliver(after=2)
    bank_of(banks).treat_refund(refund.number, received)
    banks.deliver(after=2)
    refund.refresh_from_db()
    assert refund.state == state
    assert balance("buyer:refunds_due") == (0 if state == "succeeded" else 31_800)
    assert Entry.objects.filter(reason="refund").count() == (state == "succeeded")
    for _ in range(6):
        banks.deliver(after=6 * 3600)
        send_due_refunds(now=banks.now, limit=10)
    refund.refresh_from_db()
    if state == "failed":
        assert (refund.state, refund.failure) == ("stuck", "returned_to_merchant"), "finance pays it another way"
    assert Entry.objects.filter(reason="refund").count() == (state == "succeeded")


def test_no_money_on_the_account_is_tried_again(banks: Banks, sale: Sale) -> None:
    refund = late_money(banks, sale)
    bank_of(banks).withdraw(31_000)
    send_due_refunds(now=banks.now, limit=10)
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("failed", "not_enough")
    bank_of(banks).withdraw(-31_000)
    for _ in range(6):
        banks.deliver(after=30 * 60)
        send_due_refunds(now=banks.now, limit=10)
    banks.deliver(after=10)
    refund.refresh_from_db()
    assert refund.state == "succeeded" and balance("gateway:wechat:clearing") == 0
