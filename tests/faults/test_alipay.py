"""Alipay, from the order to the books: what only it does; the faults of all are in `test_channels`."""

from datetime import timedelta

import httpx
import pytest

from tests.banks import Banks
from tests.cast import NOW, supply_of
from tests.faults.ways import ALIPAY
from tests.sale import Sale, balance
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.paying.ask_for_buyer import ask_for_buyer
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.ledger.models import Entry
from wanku.payments.channel import ChannelState
from wanku.payments.models import Attempt, Refund
from wanku.sandbox.banks import books

pytestmark = pytest.mark.django_db
HOOK = "http://testserver/hooks/payments/alipay"


def attempt_of(sale: Sale, method: str = "page", *, go: bool = True) -> Attempt:
    """Start to pay, and go where it is paid."""
    attempt = open_attempt(sale.placed.trade_id, gateway="alipay", method=method, actor=sale.actor, now=NOW)
    if go:
        assert httpx.get(attempt.pay_url, trust_env=False).status_code == 303
    return attempt


@pytest.mark.parametrize("method", ["page", "wap"])
def test_paid_on_the_bank_s_page(banks: Banks, sale: Sale, method: str) -> None:
    attempt = attempt_of(sale, method, go=False)
    with httpx.Client(trust_env=False, follow_redirects=True) as browser:
        page = browser.get(attempt.pay_url)
        assert attempt.number in page.text
        back = browser.post(str(page.url), data={"choice": "pay"}, follow_redirects=False)
    assert f"/pay/{sale.trade.number}/result/" in back.headers["Location"]
    banks.deliver()
    ALIPAY.in_order(sale)
    attempt.refresh_from_db()
    assert banks.unheard() == 0 and attempt.channel_ref == banks.payment(attempt.number).ref


def test_paid_by_scanning_the_code(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale, "precreate", go=False)
    assert attempt.shown_as == "qr"
    with httpx.Client(trust_env=False, follow_redirects=True) as phone:
        page = phone.get(f"{banks.url}/scan", params={"text": attempt.pay_url})
        phone.post(str(page.url), data={"choice": "pay"})
    banks.deliver()
    ALIPAY.in_order(sale)


def test_nobody_came_to_the_page(banks: Banks, sale: Sale) -> None:
    """Alipay knows no such trade, and the order ends all the same."""
    attempt_of(sale, go=False)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    assert sale.trade.state == "cancelled" and supply_of(sale.tea).free == 10
    assert not banks.books.all(books.Payment) and not Entry.objects.exists()


def test_two_ways_begun_and_both_paid(banks: Banks, sale: Sale) -> None:
    """A code that nobody had scanned cannot be closed; if it is paid as well, that money goes back."""
    first = attempt_of(sale, "precreate", go=False)
    second = attempt_of(sale)
    banks.pay(second.number)
    ALIPAY.in_order(sale)
    assert httpx.get(f"{banks.url}/scan", params={"text": first.pay_url}, trust_env=False).status_code == 303
    banks.pay(first.number)
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount, refund.attempt_id) == ("duplicate", 31_800, first.pk)
    send_due_refunds(now=banks.now, limit=10)
    banks.deliver()
    assert [row.amount for row in banks.books.all(books.Refund)] == [31_800]
    assert balance("gateway:alipay:clearing") == -31_800 and balance("buyer:refunds_due") == 0


def test_refused_by_the_payers_bank(banks: Banks, sale: Sale) -> None:
    """Alipay tells nobody of it: the trade waits for another try, and a change of method closes it there first."""
    attempt = attempt_of(sale)
    banks.refuse(attempt.number)
    assert banks.answers == [] and banks.notices(attempt.number) == []
    said = ask_for_buyer(attempt.pk, now=NOW)
    assert said is not None and said.state == ChannelState.PENDING and not said.under_way
    assert attempt_of(sale).pk == attempt.pk, "it can still be paid"
    again = attempt_of(sale, "precreate", go=False)
    assert again.number != attempt.number and banks.payment(attempt.number).state == "closed"
    assert sale.trade.state == "placed" and not Entry.objects.exists()
    banks.pay(again.number)
    ALIPAY.in_order(sale)


def test_closed_by_the_bank_itself(banks: Banks, sale: Sale) -> None:
    """A trade that Alipay has closed is closed here as soon as it tells, long before our own clock."""
    attempt = attempt_of(sale)
    payment = banks.payment(attempt.number)
    payment.expires_at = NOW
    banks.books.put(payment)
    banks.banks["alipay"].tick(NOW)
    banks.deliver()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.due_at) == ("closed", None) and sale.trade.state == "placed"
    assert [status for _, status in banks.answers] == [200] and banks.unheard() == 0
    assert attempt_of(sale).number != attempt.number


def test_a_refund_is_told_before_its_answer_comes(banks: Banks, sale: Sale) -> None:
    """The answer is lost, the notice books it, and asking afterwards changes nothing."""
    refund = ALIPAY.late_money(banks, sale)
    banks.fault("alipay", "refund", "lost_answer")
    send_due_refunds(now=banks.now, limit=10)
    refund.refresh_from_db()
    assert refund.state == "sent"
    entries = Entry.objects.count()
    banks.deliver()
    notice = banks.notices(refund.number)[0]
    for _ in range(2):
        assert banks.send(HOOK, *banks.signed(notice)) == 200
    refund.refresh_from_db()
    assert refund.state == "succeeded" and Entry.objects.count() == entries + 1
    send_due_refunds(now=banks.now + timedelta(hours=1), limit=10)
    assert Entry.objects.count() == entries + 1 and balance("gateway:alipay:clearing") == 0
