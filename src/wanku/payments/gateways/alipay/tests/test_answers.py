"""Answers of the bank with one byte changed: the SDK, as we use it, believes none of them."""

from typing import Any

import pytest
from alipay import AliPay

from tests.banks import Banks
from wanku.payments.accounts import accounts_of
from wanku.payments.channel import ChannelDown
from wanku.payments.gateways.alipay import client
from wanku.payments.gateways.alipay.gateway import AlipayGateway
from wanku.payments.gateways.alipay.tests.conftest import refund_call
from wanku.sandbox.banks.alipay.words import answered
from wanku.sandbox.banks.keys import key_pair

METHOD = "alipay.trade.query"
FIELDS = {
    "code": "10000", "msg": "Success", "buyer_logon_id": "安***@sandbox.com", "out_trade_no": "T1",
    "total_amount": "88.05", "trade_no": "2026111122001", "trade_status": "TRADE_SUCCESS",
}  # fmt: skip


KIND = "alipay_trade_query_response"


def believed(sdk: AliPay, raw: bytes) -> object:
    """What the SDK takes out of an answer; None when it raises anything, which `ask` makes `ChannelDown`."""
    try:
        return sdk._verify_and_return_sync_response(raw.decode(), KIND)
    except Exception:  # noqa: BLE001 - the SDK lets through whatever json and base64 raise
        return None


def test_every_byte_counts(banks: Banks, alipay: AlipayGateway) -> None:
    raw = answered(METHOD, FIELDS, key_pair(banks.books, "alipay")).body
    sdk = client.client_of(accounts_of("alipay")[0])
    assert believed(sdk, raw) == FIELDS
    for at, byte in enumerate(raw):
        for other in {byte ^ 1, byte ^ 32, ord(" "), ord('"')} - {byte}:
            altered = raw[:at] + bytes([other]) + raw[at + 1 :]
            assert believed(sdk, altered) is None, altered


def test_the_bare_sdk_is_less_particular(banks: Banks, alipay: AlipayGateway) -> None:
    """Why `client` looks at the spelling of signatures itself."""
    account = accounts_of("alipay")[0]
    bare = AliPay(
        appid="1",
        app_private_key_string=account.secret["app_private_key"],
        alipay_public_key_string=account.public["alipay_public_key"],
    )
    raw = answered(METHOD, FIELDS, key_pair(banks.books, "alipay")).body.decode()
    head, _, tail = raw.rpartition('=="}')
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = f'{head[:-1]}{letters[letters.index(head[-1]) ^ 1]}=="}}{tail}'.encode()
    assert believed(bare, spare) == FIELDS
    assert believed(client.client_of(account), spare) is None


@pytest.mark.parametrize(
    "answer",
    [
        {"code": "10000", "out_trade_no": "another", "fund_change": "Y"},
        {"code": "10003", "msg": "order success pay inprocess"},
        {"code": "20000", "sub_code": "isp.unknow-error"},
        {"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"},
        {"code": 10000},
        {"msg": "no code"},
        [],
        None,
    ],
)
def test_answers_that_leave_it_open(
    banks: Banks, alipay: AlipayGateway, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(AliPay, "verified_sync_response", lambda *_: answer)
    with pytest.raises(ChannelDown):
        alipay.refund(refund_call("R1", 1))


def test_a_definite_no(banks: Banks, alipay: AlipayGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    poor = {"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"}
    monkeypatch.setattr(AliPay, "verified_sync_response", lambda *_: poor)
    said = alipay.refund(refund_call("R1", 1))
    assert (said.state, said.failure) == ("failed", "ACQ.SELLER_BALANCE_NOT_ENOUGH")
