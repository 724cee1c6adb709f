"""Alipay, from the order to the books: every fault on the way ends in the same books."""

from datetime import timedelta

import httpx
import pytest

from tests.banks import Banks
from tests.cast import NOW, supply_of
from tests.sale import Sale, balance
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.paying.ask_due_attempts import ask_due_attempts
from wanku.flows.paying.ask_for_buyer import ask_for_buyer
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.channel import ChannelState
from wanku.payments.models import Attempt, ChannelEvent, Refund
from wanku.sandbox.banks import books

pytestmark = pytest.mark.django_db
HOOK = "http://testserver/hooks/payments/alipay"


def attempt_of(sale: Sale, method: str = "page", *, go: bool = True) -> Attempt:
    """Start to pay, and go where it is paid."""
    attempt = open_attempt(sale.placed.trade_id, gateway="alipay", method=method, actor=sale.actor, now=NOW)
    if go:
        assert httpx.get(attempt.pay_url, trust_env=False).status_code == 303
    return attempt


def late_money(banks: Banks, sale: Sale) -> Refund:
    """Money that came when the order had ended and the goods were gone: it is to go back."""
    attempt = attempt_of(sale)
    banks.fault("alipay", "pay", "late", seconds=40 * 60, number=attempt.number)
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
    assert balance("gateway:alipay:clearing") == -31_800
    assert Entry.objects.filter(reason="capture").count() == 1 and not Refund.objects.exists()


@pytest.mark.parametrize("method", ["page", "wap"])
def test_paid_on_the_bank_s_page(banks: Banks, sale: Sale, method: str) -> None:
    attempt = attempt_of(sale, method, go=False)
    with httpx.Client(trust_env=False, follow_redirects=True) as browser:
        page = browser.get(attempt.pay_url)
        assert attempt.number in page.text
        back = browser.post(str(page.url), data={"choice": "pay"}, follow_redirects=False)
    assert f"/pay/{sale.trade.number}/result/" in back.headers["Location"]
    banks.deliver()
    in_order(sale)
    attempt.refresh_from_db()
    assert banks.unheard() == 0 and attempt.channel_ref == banks.payment(attempt.number).ref


def test_paid_by_scanning_the_code(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale, "precreate", go=False)
    assert attempt.shown_as == "qr"
    with httpx.Client(trust_env=False, follow_redirects=True) as phone:
        page = phone.get(f"{banks.url}/scan", params={"text": attempt.pay_url})
        phone.post(str(page.url), data={"choice": "pay"})
    banks.deliver()
    in_order(sale)


@pytest.mark.parametrize("fault", ["duplicate", "forged", "altered", "out_of_order"])
def test_notices_that_go_wrong(banks: Banks, sale: Sale, fault: str) -> None:
    attempt = attempt_of(sale)
    banks.fault("alipay", "notice", fault, number=attempt.number)
    banks.pay(attempt.number)
    if fault in ("altered", "out_of_order"):
        assert sale.trade.state == "placed" and not ChannelEvent.objects.exists()
        banks.deliver(after=240)
    in_order(sale)
    assert banks.unheard() == 0
    assert [status for _, status in banks.answers] == {
        "duplicate": [200, 200], "forged": [401, 200], "altered": [401, 200], "out_of_order": [200]
    }[fault]  # fmt: skip


def test_a_wrong_amount_pays_nothing(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.fault("alipay", "notice", "wrong_amount", number=attempt.number)
    banks.pay(attempt.number)
    assert sale.trade.state == "placed" and not Entry.objects.exists()
    assert ChannelEvent.objects.get().outcome == "payment_mismatch"
    banks.deliver(after=240)
    in_order(sale)
    assert [status for _, status in banks.answers] == [409, 200]


def test_a_replayed_notice_has_no_further_effect(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.pay(attempt.number)
    kept = banks.signed(banks.notices(attempt.number)[0])
    for _ in range(3):
        assert banks.send(HOOK, *kept) == 200
    assert ChannelEvent.objects.count() == 1
    in_order(sale)
    assert banks.send(HOOK, *kept, now=NOW + timedelta(hours=27)) == 401


def test_never_told_is_asked(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.fault("alipay", "notice", "never", number=attempt.number)
    banks.pay(attempt.number)
    assert sale.trade.state == "placed" and banks.answers == []
    ask_due_attempts(now=NOW + timedelta(seconds=31), limit=10)
    in_order(sale)


def test_told_again_until_the_shop_is_back(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.deaf = True
    banks.pay(attempt.number)
    for step in (240, 600, 600):
        assert banks.deliver(after=step) == 1
    assert sale.trade.state == "placed" and banks.unheard() == 1
    banks.deaf = False
    assert banks.deliver(after=3599) == 0 and banks.deliver(after=1) == 1
    assert sale.trade.state in ("paid", "cancelled")
    assert banks.unheard() == 0 and banks.deliver(after=86_400) == 0


def test_the_answer_to_opening_was_lost(banks: Banks, sale: Sale) -> None:
    banks.fault("alipay", "create", "lost_answer")
    with pytest.raises(Refusal) as refused:
        attempt_of(sale, "precreate", go=False)
    assert refused.value.code.name == "channel_down"
    attempt = attempt_of(sale)
    banks.pay(attempt.number)
    in_order(sale)


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
    in_order(sale)
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
    in_order(sale)


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


def test_paid_at_the_last_moment(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    banks.fault("alipay", "notice", "never", number=attempt.number)
    banks.pay(attempt.number)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    in_order(sale)


def test_expired_orders_can_no_longer_be_paid(banks: Banks, sale: Sale) -> None:
    attempt = attempt_of(sale)
    assert expire_trades(now=NOW + timedelta(minutes=16), limit=10) == 1
    assert sale.trade.state == "cancelled" and supply_of(sale.tea).free == 10
    assert banks.pay(attempt.number).state == "closed" and not Entry.objects.exists()


@pytest.mark.parametrize("fault", ["", "lost_answer", "error", "altered", "notice", "duplicate", "forged"])
def test_money_that_comes_late_goes_back_once(banks: Banks, sale: Sale, fault: str) -> None:
    refund = late_money(banks, sale)
    assert sale.trade.state == "cancelled" and (refund.reason, refund.amount) == ("late", 31_800)
    if fault == "notice":
        banks.fault("alipay", "notice", "never", number=refund.number)
    elif fault in ("duplicate", "forged"):
        banks.fault("alipay", "notice", fault, number=refund.number)
    elif fault:
        banks.fault("alipay", "refund", fault)
    for _ in range(4):
        send_due_refunds(now=banks.now, limit=10)
        banks.deliver(after=5 * 60)
    refund.refresh_from_db()
    assert refund.state == "succeeded" and balance("gateway:alipay:clearing") == 0 == balance("buyer:refunds_due")
    assert [row.amount for row in banks.books.all(books.Refund)] == [31_800]
    assert banks.unheard() == (fault == "notice")


def test_a_refund_is_told_before_its_answer_comes(banks: Banks, sale: Sale) -> None:
    """The answer is lost, the notice books it, and asking afterwards changes nothing."""
    refund = late_money(banks, sale)
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


def test_no_money_on_the_account_is_tried_again(banks: Banks, sale: Sale) -> None:
    refund = late_money(banks, sale)
    banks.banks["alipay"].withdraw(31_000)
    send_due_refunds(now=banks.now, limit=10)
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("failed", "ACQ.SELLER_BALANCE_NOT_ENOUGH")
    banks.banks["alipay"].withdraw(-31_000)
    for _ in range(6):
        banks.deliver(after=30 * 60)
        send_due_refunds(now=banks.now, limit=10)
    refund.refresh_from_db()
    assert refund.state == "succeeded" and balance("gateway:alipay:clearing") == 0
