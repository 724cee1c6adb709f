"""The simulated WeChat Pay and the unchanged SDK: what they say to each other, and what the bank refuses."""

import gzip
import hashlib
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from wechatpayv3 import WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.utils import build_authorization, load_private_key

from tests.cast import NOW
from wanku.sandbox.banks.books import Payment
from wanku.sandbox.banks.deliver import Postman
from wanku.sandbox.banks.wechat.bill import HEADER, SUMMARY
from wanku.sandbox.banks.wechat.tests.conftest import Place

AMOUNT = {"total": 31_800, "currency": "CNY"}
ORDER: dict[str, Any] = {"description": "白瓷茶壶", "out_trade_no": "W0000001", "amount": AMOUNT}


def said(answer: tuple[int, str]) -> tuple[int, Any]:
    """Status and facts."""
    return answer[0], json.loads(answer[1]) if answer[1] else None


def paid(place: Place, **order: Any) -> Payment:
    """An order that was paid."""
    assert place.sdk().pay(**{**ORDER, **order})[0] == 200
    payment = place.bank.payment(order.get("out_trade_no", "W0000001"))
    assert payment is not None
    return place.bank.pay(payment)


def back(place: Place, refund: int = 1_800, number: str = "R0000001", **facts: Any) -> tuple[int, Any]:
    """Ask for a refund."""
    amount = {"refund": refund, "total": 31_800, "currency": "CNY"}
    asked = {"out_refund_no": number, "out_trade_no": "W0000001", "amount": amount, **facts}
    return said(place.sdk().refund(**asked))


def test_the_sdk_believes_every_answer(place: Place) -> None:
    sdk = place.sdk()
    assert set(said(sdk.pay(**ORDER))[1]) == {"code_url"}
    jsapi = {**ORDER, "out_trade_no": "W0000002", "pay_type": WeChatPayType.JSAPI, "payer": {"openid": "o1"}}
    assert said(sdk.pay(**jsapi))[1]["prepay_id"].startswith("wx")
    scene = {"payer_client_ip": "203.0.113.9", "h5_info": {"type": "Wap"}}
    h5 = {**ORDER, "out_trade_no": "W0000003", "pay_type": WeChatPayType.H5, "scene_info": scene}
    assert said(sdk.pay(**h5))[1]["h5_url"].startswith(place.url)
    assert sdk.close("W0000003") == (204, "")
    payment = place.bank.payment("W0000001")
    assert payment is not None
    place.bank.pay(payment)
    by_number = said(sdk.query(out_trade_no="W0000001"))
    assert by_number == said(sdk.query(transaction_id=payment.ref)) and by_number[1]["trade_state"] == "SUCCESS"
    assert (
        by_number[1]["success_time"] == "2026-11-11T10:00:00+08:00" and by_number[1]["amount"]["payer_total"] == 31_800
    )
    assert back(place)[1]["status"] == "PROCESSING"
    assert said(sdk.query(out_trade_no="W0000001"))[1]["trade_state"] == "REFUND"
    place.bank.tick(NOW + timedelta(seconds=2))
    assert said(sdk.query_refund("R0000001"))[1]["status"] == "SUCCESS"


def test_the_sdk_believes_the_platform_certificate(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Core, "_init_certificates", lambda self: None)
    sdk = place.sdk(public_key=None, public_key_id=None)
    sdk._core._update_certificates()
    assert len(sdk._core._certificates) == 1
    assert said(sdk.pay(**ORDER))[0] == 200 and said(sdk.query(out_trade_no="W0000001"))[1]["trade_state"] == "NOTPAY"


def test_errors_are_signed_and_named(place: Place) -> None:
    sdk = place.sdk()
    answers = {
        "PARAM_ERROR": sdk.pay(**{**ORDER, "out_trade_no": "short"}),
        "APPID_MCHID_NOT_MATCH": sdk.pay(**ORDER, appid="wx0000000000000000"),
        "MCH_NOT_EXISTS": sdk.pay(**ORDER, mchid="1900099999"),
        "ORDER_NOT_EXIST": sdk.query(out_trade_no="W0000009"),
        "RESOURCE_NOT_EXISTS": sdk.query_refund("R0000009"),
    }
    statuses = {code: (answer[0], json.loads(answer[1])["code"]) for code, answer in answers.items()}
    assert statuses == {
        "PARAM_ERROR": (400, "PARAM_ERROR"),
        "APPID_MCHID_NOT_MATCH": (400, "APPID_MCHID_NOT_MATCH"),
        "MCH_NOT_EXISTS": (400, "MCH_NOT_EXISTS"),
        "ORDER_NOT_EXIST": (404, "ORDER_NOT_EXIST"),
        "RESOURCE_NOT_EXISTS": (404, "RESOURCE_NOT_EXISTS"),
    }
    assert place.bank.books.all(Payment) == []
    strange = httpx.get(f"{place.url}/v3/none", trust_env=False)
    assert strange.status_code == 404 and "wechatpay-signature" in strange.headers


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": {"total": 0, "currency": "CNY"}},
        {"amount": {"total": 1.5, "currency": "CNY"}},
        {"amount": {"total": "1", "currency": "CNY"}},
        {"amount": {"total": 1, "currency": "USD"}},
        {"description": "字" * 128},
        {"attach": "x" * 129},
        {"out_trade_no": "W00000/1"},
        {"out_trade_no": "W" * 33},
        {"notify_url": "http://shop.example/notify?a=b"},
        {"notify_url": "nowhere"},
        {"time_expire": "tomorrow"},
        {"time_expire": "2026-11-11T12:00:00"},
        {"time_expire": (NOW + timedelta(seconds=30)).isoformat()},
        {"time_expire": (NOW + timedelta(days=91)).isoformat()},
        {"pay_type": WeChatPayType.H5, "scene_info": {"payer_client_ip": "203.0.113.9"}},
        {"pay_type": WeChatPayType.JSAPI, "payer": {"name": "x"}},
    ],
)
def test_what_an_order_must_be(place: Place, wrong: dict[str, Any]) -> None:
    assert said(place.sdk().pay(**{**ORDER, **wrong}))[0] == 400 and place.bank.books.all(Payment) == []


def test_the_same_number(place: Place) -> None:
    sdk = place.sdk()
    first = said(sdk.pay(**ORDER))
    assert said(sdk.pay(**ORDER)) == first
    for other in ({"amount": {"total": 1, "currency": "CNY"}}, {"description": "x"}):
        assert said(sdk.pay(**{**ORDER, **other}))[1]["code"] == "OUT_TRADE_NO_USED"
    assert len(place.bank.books.all(Payment)) == 1
    sdk.close("W0000001")
    assert said(sdk.pay(**ORDER))[1]["code"] == "ORDER_CLOSED"
    paid(place, out_trade_no="W0000002")
    assert said(sdk.pay(**{**ORDER, "out_trade_no": "W0000002"}))[0] == 400


def test_closing(place: Place) -> None:
    sdk = place.sdk()
    assert said(sdk.close("W0000009"))[1]["code"] == "ORDER_NOT_EXIST"
    paid(place)
    assert said(sdk.close("W0000001"))[1]["code"] == "TRADE_ERROR"
    assert said(sdk.query(out_trade_no="W0000001"))[1]["trade_state"] == "SUCCESS"


def test_refunds_by_number(place: Place) -> None:
    paid(place)
    first = back(place)
    assert back(place) == first and first[0] == 200
    assert back(place, 1_801)[1]["code"] == "INVALID_REQUEST"
    assert back(place, 0, "R0000002")[1]["code"] == "PARAM_ERROR"
    assert back(place, 1, "R 2")[1]["code"] == "PARAM_ERROR"
    assert back(place, 1, "R0000002", reason="x" * 81)[1]["code"] == "PARAM_ERROR"
    assert (
        back(place, 1, "R0000002", amount={"refund": 1, "total": 1, "currency": "CNY"})[1]["code"] == "INVALID_REQUEST"
    )
    assert back(place, 30_001, "R0000002")[1]["code"] == "INVALID_REQUEST"
    place.bank.withdraw(place.bank.balance() - 100)
    assert back(place, 200, "R0000002") == (
        403,
        {"code": "NOT_ENOUGH", "message": "基本账户余额不足，请充值后重新发起"},
    )
    assert place.bank.balance() == 100


def request(place: Place, **other: Any) -> dict[str, Any]:
    """A call as the SDK signs it."""
    account = place.bank.account(place.url)
    key = load_private_key(account.secret["private_key"])
    signed = build_authorization(
        "/v3/pay/transactions/out-trade-no/W0000001/close", "POST", account.public["mchid"],
        account.public["serial_no"], key, data=json.dumps({"mchid": account.public["mchid"]}),
    )  # fmt: skip
    body = json.dumps({"mchid": account.public["mchid"]}).encode()
    return {"authorization": signed, "body": body, "path": "/v3/pay/transactions/out-trade-no/W0000001/close", **other}


def send(place: Place, authorization: str, body: bytes, path: str) -> int:
    """Its status."""
    asked = httpx.Request("POST", place.url + path, content=body, headers={"Authorization": authorization})
    with httpx.Client(trust_env=False) as wire:
        return wire.send(asked).status_code


def test_every_byte_of_a_request_is_proven(place: Place) -> None:
    place.sdk().pay(**ORDER)
    true = request(place)
    header, body = true["authorization"], true["body"]
    with httpx.Client(trust_env=False) as wire:

        def status(authorization: str, content: bytes) -> int:
            url = place.url + true["path"]
            return wire.post(url, content=content, headers={"Authorization": authorization}).status_code

        changed = [header[:at] + chr(ord(header[at]) ^ 1) + header[at + 1 :] for at in range(len(header))]
        taken = [text for text in changed if status(text, body) not in (400, 401)]
        assert taken == []
        flipped = [body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :] for at in range(len(body))]
        assert [raw for raw in flipped if status(header, raw) != 401] == []
        payment = place.bank.payment("W0000001")
        assert payment is not None and payment.state == "waiting"
        assert status(header, body) == 204
    assert send(place, **request(place, path="/v3/pay/transactions/out-trade-no/W0000001/close?x=1")) == 401


def test_a_request_of_another_time_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.sdk().pay(**ORDER)
    now = time.time()
    monkeypatch.setattr("wechatpayv3.utils.time.time", lambda: now - 301)
    early = request(place)
    monkeypatch.undo()
    assert send(place, **early) == 401 and send(place, **request(place)) == 204


def test_a_key_that_the_bank_does_not_have_is_told(place: Place) -> None:
    assert said(place.sdk(public_key_id="PUB_KEY_ID_0000")._core.request("/v3/certificates"))[0] == 400


def test_the_sdk_believes_notices_and_no_altered_ones(place: Place) -> None:
    sdk = place.sdk()
    paid(place)
    headers, body = tried(place, 1)[0]
    notice = sdk.callback(headers, body)
    assert notice["event_type"] == "TRANSACTION.SUCCESS" and notice["resource"]["out_trade_no"] == "W0000001"
    assert notice["resource"] == said(sdk.query(out_trade_no="W0000001"))[1]
    for at in range(len(body)):
        try:
            assert sdk.callback(headers, body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]) is None, at
        except UnicodeDecodeError:
            continue


def test_a_notice_is_told_by_the_ladder(place: Place) -> None:
    paid(place)
    times: list[int] = []
    now = NOW

    def deaf(url: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        times.append(round((now - NOW).total_seconds()))
        return 500, b""

    postman = Postman([place.bank], place.bank.books, post=deaf)
    for second in range(0, 26 * 3600, 15):
        now = NOW + timedelta(seconds=second)
        postman.deliver(now)
    steps = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]
    assert [later - earlier for earlier, later in pairwise(times)] == steps
    assert times[-1] == 24 * 3600 + 4 * 60


def tried(place: Place, times: int) -> list[tuple[Mapping[str, str], bytes]]:
    """What a shop that hears nothing is told, in the first minute."""
    told: list[tuple[Mapping[str, str], bytes]] = []

    def deaf(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        told.append((headers, body))
        return 500, b""

    postman = Postman([place.bank], place.bank.books, post=deaf)
    for number in range(times):
        postman.deliver(NOW + timedelta(seconds=15 * number))
    return told


def test_a_notice_says_the_same_on_every_try(place: Place) -> None:
    paid(place)
    first, second = tried(place, 2)
    assert first[1] == second[1] and first[0]["Wechatpay-Timestamp"] != second[0]["Wechatpay-Timestamp"]


def test_the_bill_as_wechat_writes_it(place: Place) -> None:
    sdk = place.sdk()
    payment = paid(place, attach="a,b")
    back(place)
    place.bank.tick(NOW + timedelta(seconds=2))
    assert said(sdk.trade_bill("2026-11-11"))[1]["code"] == "STATEMENT_CREATING"
    place.now = datetime(2026, 11, 12, 2, tzinfo=UTC)
    promised = said(sdk.trade_bill("2026-11-11"))[1]
    status, raw = sdk.download_bill(promised["download_url"])
    text = gzip.decompress(raw)
    assert status == 200 and promised["hash_value"] == hashlib.sha1(text).hexdigest()  # noqa: S324 - the format's own
    lines = text.decode().split("\r\n")
    assert lines[0] == HEADER and lines[3] == SUMMARY and lines[5:] == [""]
    assert lines[1] == (
        f"`2026-11-11 10:00:00,`wx8888888888888888,`1900012345,`0,`,`{payment.ref},`W0000001,`sandbox-payer,`NATIVE,"
        "`SUCCESS,`OTHERS,`CNY,`318.00,`0.00,`0,`0,`0.00,`0.00,`,`,`白瓷茶壶,`a,b,`1.91000,`0.60%,`318.00,`0.00,`"
    )
    assert ",`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5030" in lines[2] and ",`ORIGINAL,`SUCCESS,`" in lines[2]
    assert lines[2].endswith(",`-0.10000,`0.60%,`0.00,`18.00,`")
    assert lines[4] == "`2,`318.00,`18.00,`0.00,`1.81000,`318.00,`18.00"
    place.now += timedelta(minutes=5)
    assert sdk.download_bill(promised["download_url"])[0] == 400
    assert said(sdk.trade_bill("2026-11-10"))[1]["code"] == "NO_STATEMENT_EXIST"
    assert said(sdk.trade_bill("2026-13-10"))[1]["code"] == "PARAM_ERROR"


def test_plain_bills_of_one_kind(place: Place) -> None:
    paid(place)
    back(place)
    place.now = datetime(2026, 11, 12, 2, tzinfo=UTC)
    sdk = place.sdk()
    for kind, rows in (("ALL", 2), ("SUCCESS", 1), ("REFUND", 1)):
        _, told = said(sdk.trade_bill("2026-11-11", bill_type=kind, tar_type=""))
        assert sdk.download_bill(told["download_url"])[1].decode().count("\r\n`") == rows + 1


def test_keys_are_renewed_while_former_ones_are_still_taken(place: Place) -> None:
    old = place.sdk()
    old.pay(**ORDER)
    place.bank.ring.rotate()
    new = place.sdk()
    assert said(old.query(out_trade_no="W0000001")) == said(new.query(out_trade_no="W0000001"))
    assert old._core._public_key_id != new._core._public_key_id and old._core._apiv3_key != new._core._apiv3_key
