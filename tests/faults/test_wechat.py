"""WeChat Pay, from the order to the books: what only it does; the faults of all are in `test_channels`."""

from datetime import timedelta

import httpx
import pytest

from tests.banks import Banks
from tests.cast import NOW
from tests.faults.ways import WECHAT
from tests.sale import Sale, balance
from wanku.flows.paying.ask_due_attempts import ask_due_attempts
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.ledger.models import Entry
from wanku.sandbox.banks.wechat.bank import WechatBank

pytestmark = pytest.mark.django_db
HOOK = "http://testserver/hooks/payments/wechat"


def bank_of(banks: Banks) -> WechatBank:
    """WeChat Pay itself."""
    bank = banks.banks["wechat"]
    assert isinstance(bank, WechatBank)
    return bank


def test_paid_by_scanning_the_code(banks: Banks, sale: Sale) -> None:
    attempt = WECHAT.begin(sale)
    assert (attempt.shown_as, attempt.channel_ref) == ("qr", "")
    with httpx.Client(trust_env=False, follow_redirects=True) as phone:
        page = phone.get(f"{banks.url}/scan", params={"text": attempt.pay_url})
        assert attempt.number in page.text
        phone.post(str(page.url), data={"choice": "pay"})
    banks.deliver()
    WECHAT.in_order(sale)
    attempt.refresh_from_db()
    assert banks.unheard() == 0 and attempt.channel_ref == banks.payment(attempt.number).ref


def test_refused_by_the_payers_bank(banks: Banks, sale: Sale) -> None:
    attempt = WECHAT.begin(sale)
    banks.refuse(attempt.number)
    assert banks.answers == [], "WeChat Pay tells of success only"
    ask_due_attempts(now=NOW + timedelta(seconds=31), limit=10)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.failure) == ("failed", "payerror") and sale.trade.state == "placed"
    again = WECHAT.begin(sale)
    assert again.number != attempt.number
    banks.pay(again.number)
    WECHAT.in_order(sale)


def test_a_refund_is_told_twice_and_booked_once(banks: Banks, sale: Sale) -> None:
    refund = WECHAT.late_money(banks, sale)
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
    refund = WECHAT.late_money(banks, sale)
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
    refund = WECHAT.late_money(banks, sale)
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
