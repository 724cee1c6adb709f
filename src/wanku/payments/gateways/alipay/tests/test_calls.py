"""Calls through the unchanged SDK over a real socket."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from alipay import AliPay

from tests.banks import Banks
from tests.cast import NOW
from wanku.payments.accounts import Account, accounts_of, add_account, forget
from wanku.payments.channel import ChannelDown, ChannelState, Known, Opened, Place, RefundState, ShownAs
from wanku.payments.gateways.alipay import client
from wanku.payments.gateways.alipay.gateway import AlipayGateway
from wanku.payments.gateways.alipay.tests.conftest import AMOUNT, NUMBER, opening, refund_call
from wanku.payments.models import ChannelAccount
from wanku.sandbox.banks.books import Refund

Open = Callable[..., Opened]
KNOWN = Known(NUMBER)


def test_offered_only_when_set_up_and_where_it_works(alipay: AlipayGateway) -> None:
    assert set(alipay.methods()) == {"page", "precreate", "wap"}
    assert {code for code, method in alipay.methods().items() if Place.DESKTOP in method.places} == {
        "page",
        "precreate",
    }
    assert {code for code, method in alipay.methods().items() if Place.PHONE in method.places} == {"wap"}
    assert not any(Place.WECHAT in method.places for method in alipay.methods().values())
    ChannelAccount.objects.all().delete()
    forget()
    assert not alipay.methods()
    with pytest.raises(ChannelDown):
        alipay.open(opening())
    with pytest.raises(ChannelDown):
        alipay.query(KNOWN)


def test_the_bare_sdk_speaks_with_the_bank(banks: Banks, alipay: AlipayGateway) -> None:
    account = accounts_of("alipay")[0]
    sdk = AliPay(
        appid=account.public["app_id"],
        app_notify_url=None,
        app_private_key_string=account.secret["app_private_key"],
        alipay_public_key_string=account.public["alipay_public_key"],
    )
    assert sdk._gateway == "https://openapi.alipay.com/gateway.do"
    sdk._gateway = f"{account.public['base_url']}/gateway.do"
    assert sdk.api_alipay_trade_precreate("Tea", NUMBER, "88.05")["code"] == "10000"
    assert sdk.api_alipay_trade_query(out_trade_no=NUMBER)["sub_code"] == "ACQ.TRADE_NOT_EXIST"


@pytest.mark.parametrize("method", ["page", "wap"])
def test_a_page(banks: Banks, alipay: AlipayGateway, opened: Open, method: str) -> None:
    there = opened(method=method, go=False)
    assert there.shown_as == ShownAs.REDIRECT
    assert len(there.value) < 4000
    asked = parse_qs(urlsplit(there.value).query)
    assert '"total_amount":"88.05"' in asked["biz_content"][0]
    assert '"time_expire":"2026-11-11 10:15:00"' in asked["biz_content"][0]
    assert alipay.query(KNOWN).state == ChannelState.UNKNOWN
    page = httpx.get(there.value, follow_redirects=True)
    assert "¥88.05" in page.text
    assert "Wanku 茶 叶 杯 子" in page.text
    assert alipay.query(KNOWN).state == ChannelState.PENDING
    banks.pay(NUMBER, deliver=False)
    said = alipay.query(KNOWN)
    assert (said.state, said.amount, said.currency) == (ChannelState.CAPTURED, AMOUNT, "CNY")
    assert said.channel_ref == banks.payment(NUMBER).ref
    assert httpx.get(there.value).status_code == 400, "paid once"


def test_an_altered_address_opens_nothing(banks: Banks, opened: Open) -> None:
    address = opened(go=False).value
    for was, becomes in (("88.05", "0.01"), ("RSA2", "RSA"), ("page.pay", "wap.pay"), ("charset=utf-8", "charset=gbk")):
        assert was in address
        answer = httpx.get(address.replace(was, becomes))
        assert answer.json(), "an error, not a page"
    with pytest.raises(AssertionError):
        banks.payment(NUMBER)


def test_a_code(banks: Banks, alipay: AlipayGateway, opened: Open) -> None:
    there = opened(method="precreate", go=False)
    assert there.shown_as == ShownAs.QR
    assert there.value.startswith("https://qr.alipay.com/")
    assert alipay.open(opening(method="precreate")).value == there.value
    assert alipay.query(KNOWN).state == ChannelState.UNKNOWN
    assert alipay.close(KNOWN).state == ChannelState.UNKNOWN, "what nobody has scanned cannot be closed"
    opened(method="precreate")
    assert alipay.query(KNOWN).state == ChannelState.PENDING
    banks.pay(NUMBER)
    assert alipay.query(KNOWN).state == ChannelState.CAPTURED
    with pytest.raises(ChannelDown, match="TRADE_HAS_SUCCESS"):
        alipay.open(opening(method="precreate"))
    with pytest.raises(ChannelDown, match="CONTEXT_INCONSISTENT"):
        alipay.open(opening(method="precreate", amount=1))


def test_closing(banks: Banks, alipay: AlipayGateway, opened: Open) -> None:
    opened()
    assert alipay.close(KNOWN).state == ChannelState.CLOSED
    assert alipay.close(KNOWN).state == ChannelState.CLOSED
    assert banks.pay(NUMBER).state == "closed"
    assert alipay.query(KNOWN).state == ChannelState.CLOSED

    opened("2")
    banks.pay("2")
    said = alipay.close(Known("2"))
    assert (said.state, said.amount) == (ChannelState.CAPTURED, AMOUNT)

    opened("3")
    banks.now = NOW + timedelta(minutes=15)
    assert alipay.query(Known("3")).state == ChannelState.CLOSED
    assert banks.pay("3").state != "paid"
    banks.deliver()
    assert banks.payment("3").state == "closed"


def test_money_on_its_way_is_neither_there_nor_gone(banks: Banks, alipay: AlipayGateway, opened: Open) -> None:
    opened()
    banks.fault("alipay", "pay", "late", seconds=1200)
    banks.pay(NUMBER)
    assert alipay.query(KNOWN).state == ChannelState.PENDING
    assert alipay.close(KNOWN).state == ChannelState.PENDING
    banks.deliver(after=1200)
    assert alipay.query(KNOWN).state == ChannelState.CAPTURED


def test_refunds_in_parts(banks: Banks, alipay: AlipayGateway, opened: Open) -> None:
    opened()
    banks.pay(NUMBER)
    first = refund_call("R1", 5_000)
    assert alipay.query_refund(first).state == RefundState.UNKNOWN
    for _ in range(3):
        assert alipay.refund(first).state == RefundState.SUCCEEDED
    found = alipay.query_refund(first)
    assert (found.state, found.amount, found.channel_ref) == (
        RefundState.SUCCEEDED,
        5_000,
        banks.payment(NUMBER).ref,
    )
    too_much = alipay.refund(refund_call("R2", 3_806))
    assert (too_much.state, too_much.failure) == (RefundState.FAILED, "ACQ.REASON_TRADE_REFUND_FEE_ERR")
    other = alipay.refund(refund_call("R1", 4_999))
    assert (other.state, other.failure) == (RefundState.FAILED, "ACQ.DISCORDANT_REPEAT_REQUEST")
    assert alipay.refund(refund_call("R3", 3_805)).state == RefundState.SUCCEEDED
    assert sum(refund.amount for refund in banks.books.all(Refund)) == AMOUNT
    assert sum(refund.fee for refund in banks.books.all(Refund)) == banks.payment(NUMBER).fee == 53
    assert alipay.refund(refund_call("R4", 1)).state == RefundState.FAILED
    assert alipay.query(KNOWN).state == ChannelState.CLOSED


def test_what_is_not_paid_is_not_refunded(banks: Banks, alipay: AlipayGateway, opened: Open) -> None:
    call = refund_call("R1", 100)
    assert alipay.refund(call).failure == "ACQ.TRADE_NOT_EXIST"
    assert alipay.query_refund(call).state == RefundState.UNKNOWN
    opened()
    assert alipay.refund(call).failure == "ACQ.TRADE_STATUS_ERROR"
    assert not banks.books.all(Refund)


def test_a_part_without_a_number_is_refused_by_the_bank(banks: Banks, opened: Open) -> None:
    opened()
    banks.pay(NUMBER)
    sdk = client.client_of(accounts_of("alipay")[0])
    assert sdk.api_alipay_trade_refund("1.00", NUMBER)["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    assert not banks.books.all(Refund)
    assert sdk.api_alipay_trade_refund("88.05", NUMBER)["fund_change"] == "Y"
    assert sdk.api_alipay_trade_refund("88.05", NUMBER)["fund_change"] == "N"


def test_faults_leave_the_outcome_open_and_asking_finds_it(
    banks: Banks, alipay: AlipayGateway, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    banks.pay(NUMBER)
    call = refund_call("R1", 100)
    for kind in ("error", "lost_answer", "altered"):
        for name, ask in (("query", lambda: alipay.query(KNOWN)), ("refund", lambda: alipay.refund(call))):
            banks.fault("alipay", name, kind)
            with pytest.raises(ChannelDown):
                ask()
    assert alipay.query_refund(call).state == RefundState.SUCCEEDED, "lost answers were done"
    assert alipay.refund(call).state == RefundState.SUCCEEDED
    assert [refund.amount for refund in banks.books.all(Refund)] == [100]
    banks.fault("alipay", "query_refund", "error")
    with pytest.raises(ChannelDown):
        alipay.query_refund(call)
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.2)
    client._clients.clear()
    banks.fault("alipay", "query", "slow", seconds=0.4)
    with pytest.raises(ChannelDown, match="timed out"):
        alipay.query(KNOWN)
    client._clients.clear()
    banks.server.stop()
    with pytest.raises(ChannelDown):
        alipay.query(KNOWN)


def test_payments_stay_with_the_account_that_they_were_made_at(
    banks: Banks, alipay: AlipayGateway, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    banks.pay(NUMBER)
    former = ChannelAccount.objects.get(gateway="alipay")
    other = {**former.public, "app_id": "2021000000000001"}
    add_account("alipay", public=other, secret={}, set_by=None, now=NOW + timedelta(days=1))
    real = client.client_of

    class Stranger:
        """Another application, which knows nothing of the payment."""

        def api_alipay_trade_query(self, out_trade_no: str) -> dict[str, str]:
            return {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}

    def client_of(account: Account) -> Any:
        return Stranger() if account.public["app_id"] == other["app_id"] else real(account)

    monkeypatch.setattr(client, "client_of", client_of)
    assert alipay.query(KNOWN).state == ChannelState.CAPTURED
    former.until = NOW
    former.save()
    forget()
    assert alipay.query(KNOWN).state == ChannelState.UNKNOWN, "an ended account is not asked"
