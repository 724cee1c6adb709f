"""The gateway against the simulated WeChat Pay, over real sockets, by the unchanged SDK."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.banks import Banks
from tests.cast import NOW
from wanku.payments import accounts
from wanku.payments.channel import (
    ChannelDown,
    ChannelState,
    Known,
    NoBill,
    Place,
    RefundState,
    ShownAs,
)
from wanku.payments.gateways.wechat import client
from wanku.payments.gateways.wechat.gateway import WechatGateway
from wanku.payments.gateways.wechat.tests.asking import bank_of, opening, refund_of, told_of

pytestmark = pytest.mark.usefixtures("ten_in_the_morning")
GATEWAY = WechatGateway()


def test_nothing_is_offered_without_an_account(db: None) -> None:
    assert GATEWAY.methods() == {}
    with pytest.raises(ChannelDown):
        GATEWAY.open(opening())
    with pytest.raises(ChannelDown):
        GATEWAY.query(Known("W0000001"))


def test_each_place_has_its_way(banks: Banks) -> None:
    places = {code: method.places for code, method in GATEWAY.methods().items()}
    assert places == {"native": {Place.DESKTOP}, "h5": {Place.PHONE}, "jsapi": {Place.WECHAT}}


def test_native_shows_a_code_that_opens_the_payers_page(banks: Banks) -> None:
    opened = GATEWAY.open(opening())
    assert opened.shown_as == ShownAs.QR and opened.value.startswith("weixin://wxpay/bizpayurl?pr=")
    page = httpx.get(f"{banks.url}/scan", params={"text": opened.value}, follow_redirects=True)
    assert page.status_code == 200 and "W0000001" in page.text and "318.00" in page.text


def test_h5_is_an_address_that_knows_the_way_back(banks: Banks) -> None:
    opened = GATEWAY.open(opening(method="h5", buyer_address="203.0.113.9"))
    assert opened.shown_as == ShownAs.REDIRECT
    assert parse_qs(urlsplit(opened.value).query)["redirect_url"] == ["http://testserver/pay/1/result/?a=b&c=d"]
    paid = httpx.post(opened.value, data={"choice": "pay"})
    assert paid.headers["Location"] == "http://testserver/pay/1/result/?a=b&c=d"
    assert banks.payment("W0000001").state == "paid"


def test_jsapi_parameters_are_believed_by_wechat(banks: Banks) -> None:
    opened = GATEWAY.open(opening(method="jsapi", buyer_ref="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
    told = json.loads(opened.value)
    assert opened.shown_as == ShownAs.JSAPI and set(told) == {
        "appId", "timeStamp", "nonceStr", "package", "signType", "paySign",
    }  # fmt: skip
    assert httpx.get(f"{banks.url}/wechat/bridge", params=told).status_code == 303
    for name in ("appId", "timeStamp", "nonceStr", "package", "paySign"):
        altered = {**told, name: told[name][:-3] + "A" + told[name][-2:]}
        if altered != told:
            assert httpx.get(f"{banks.url}/wechat/bridge", params=altered).status_code == 400, name


def test_jsapi_needs_to_know_the_payer(banks: Banks) -> None:
    with pytest.raises(ChannelDown):
        GATEWAY.open(opening(method="jsapi"))


def test_the_same_number_is_the_same_order(banks: Banks) -> None:
    assert GATEWAY.open(opening()) == GATEWAY.open(opening())
    with pytest.raises(ChannelDown, match="OUT_TRADE_NO_USED"):
        GATEWAY.open(opening(amount=31_801))
    assert banks.payment("W0000001").amount == 31_800


def test_an_order_that_ends_too_soon_is_given_its_minute(banks: Banks) -> None:
    GATEWAY.open(opening(expires_at=NOW + timedelta(seconds=5)))
    expires_at = banks.payment("W0000001").expires_at
    assert expires_at is not None and timedelta(seconds=60) <= expires_at - NOW <= timedelta(seconds=70)


def test_states_of_a_payment(banks: Banks) -> None:
    assert GATEWAY.query(Known("W0000001")).state == ChannelState.UNKNOWN
    GATEWAY.open(opening())
    waiting = GATEWAY.query(Known("W0000001"))
    assert (waiting.state, waiting.under_way) == (ChannelState.PENDING, False)
    banks.fault("wechat", "pay", "late", seconds=60)
    banks.pay("W0000001", deliver=False)
    going = GATEWAY.query(Known("W0000001"))
    assert (going.state, going.under_way) == (ChannelState.PENDING, True)
    assert GATEWAY.close(Known("W0000001")).state == ChannelState.PENDING
    bank_of(banks).settle_late(NOW + timedelta(seconds=60))
    paid = GATEWAY.query(Known("W0000001"))
    assert (paid.state, paid.amount, paid.currency) == (ChannelState.CAPTURED, 31_800, "CNY")
    assert paid.channel_ref == banks.payment("W0000001").ref and paid.event_id == ""
    assert GATEWAY.close(Known("W0000001")) == paid


def test_a_payment_that_failed(banks: Banks) -> None:
    GATEWAY.open(opening())
    bank_of(banks).refuse(banks.payment("W0000001"))
    failed = GATEWAY.query(Known("W0000001"))
    assert (failed.state, failed.failure, failed.amount) == (ChannelState.FAILED, "payerror", None)


def test_closing_ends_it(banks: Banks) -> None:
    GATEWAY.open(opening())
    assert GATEWAY.close(Known("W0000001")).state == ChannelState.CLOSED
    assert GATEWAY.close(Known("W0000001")).state == ChannelState.CLOSED
    assert banks.pay("W0000001").state == "closed"
    assert GATEWAY.query(Known("W0000001")).state == ChannelState.CLOSED
    with pytest.raises(ChannelDown, match="ORDER_CLOSED"):
        GATEWAY.open(opening())


def test_what_never_came_to_be_is_closed(banks: Banks) -> None:
    assert GATEWAY.close(Known("W0000009")).state == ChannelState.CLOSED


def paid(banks: Banks) -> None:
    """A payment that was made; its notice is not delivered."""
    GATEWAY.open(opening())
    banks.pay("W0000001", deliver=False)


def test_a_refund_is_accepted_and_arrives_later(banks: Banks) -> None:
    paid(banks)
    assert GATEWAY.query_refund(refund_of(1_800)).state == RefundState.UNKNOWN
    accepted = GATEWAY.refund(refund_of(1_800))
    assert (accepted.state, accepted.amount) == (RefundState.PROCESSING, 1_800)
    assert GATEWAY.refund(refund_of(1_800)) == accepted
    assert GATEWAY.query(Known("W0000001")).state == ChannelState.CAPTURED
    bank_of(banks).tick(NOW + timedelta(seconds=2))
    done = GATEWAY.query_refund(refund_of(1_800))
    assert (done.state, done.channel_ref) == (RefundState.SUCCEEDED, banks.refund("R0000001").ref)
    assert GATEWAY.query(Known("W0000001")).state == ChannelState.CAPTURED


def test_parts_never_exceed_the_whole(banks: Banks) -> None:
    paid(banks)
    assert GATEWAY.refund(refund_of(30_000)).state == RefundState.PROCESSING
    over = GATEWAY.refund(refund_of(1_801, "R0000002"))
    assert (over.state, over.failure) == (RefundState.FAILED, "invalid_request")
    assert GATEWAY.refund(refund_of(1_800, "R0000002")).state == RefundState.PROCESSING
    assert sum(banks.refund(number).fee for number in ("R0000001", "R0000002")) == banks.payment("W0000001").fee


def test_fifty_parts_and_no_more(banks: Banks) -> None:
    paid(banks)
    states = [GATEWAY.refund(refund_of(1, f"R{part:07}")).state for part in range(51)]
    assert states == [RefundState.PROCESSING] * 50 + [RefundState.FAILED]


def test_a_refund_before_the_payment_is_refused(banks: Banks) -> None:
    assert GATEWAY.refund(refund_of(1_800)).failure == "resource_not_exists"
    GATEWAY.open(opening())
    refused = GATEWAY.refund(refund_of(1_800))
    assert (refused.state, refused.failure) == (RefundState.FAILED, "invalid_request")
    banks.pay("W0000001", deliver=False)
    assert GATEWAY.refund(refund_of(1_800)).state == RefundState.PROCESSING


def test_a_refund_without_money_on_the_account_fails_and_works_later(banks: Banks) -> None:
    paid(banks)
    bank_of(banks).withdraw(31_000)
    assert GATEWAY.refund(refund_of(31_800)).failure == "not_enough"
    bank_of(banks).withdraw(-31_000)
    assert GATEWAY.refund(refund_of(31_800)).state == RefundState.PROCESSING


def test_a_refund_asked_again_in_other_words_is_the_first_one(banks: Banks) -> None:
    paid(banks)
    first = GATEWAY.refund(refund_of(1_800))
    assert GATEWAY.refund(refund_of(1_800, reason="another")) == first
    with pytest.raises(ChannelDown, match="another refund"):
        GATEWAY.refund(refund_of(1_900))


def test_two_refunds_of_one_order_in_a_minute_are_asked_again(banks: Banks) -> None:
    paid(banks)
    bank_of(banks).refund_gap = timedelta(minutes=1)
    GATEWAY.refund(refund_of(1))
    with pytest.raises(ChannelDown, match="FREQUENCY_LIMITED"):
        GATEWAY.refund(refund_of(1, "R0000002"))
    banks.now += timedelta(minutes=1)
    assert GATEWAY.refund(refund_of(1, "R0000002")).state == RefundState.PROCESSING


def test_a_year_is_too_late_for_a_refund(banks: Banks) -> None:
    paid(banks)
    banks.now += timedelta(days=366)
    assert GATEWAY.refund(refund_of(1)).state == RefundState.FAILED


@pytest.mark.parametrize("fate", ["ABNORMAL", "CLOSED"])
def test_a_refund_that_does_not_arrive(banks: Banks, fate: str) -> None:
    paid(banks)
    GATEWAY.refund(refund_of(1_800))
    bank_of(banks).spoil_refund("R0000001", fate)
    bank_of(banks).tick(NOW + timedelta(seconds=2))
    failed = GATEWAY.query_refund(refund_of(1_800))
    assert (failed.state, failed.failure) == (RefundState.FAILED, fate.lower())


CALLS: dict[str, Callable[[], object]] = {
    "create": lambda: GATEWAY.open(opening("W0000002")),
    "query": lambda: GATEWAY.query(Known("W0000001")),
    "close": lambda: GATEWAY.close(Known("W0000003")),
    "refund": lambda: GATEWAY.refund(refund_of(1)),
    "query_refund": lambda: GATEWAY.query_refund(refund_of(1)),
    "bill": lambda: GATEWAY.bill(date(2026, 11, 11)),
    "download": lambda: GATEWAY.bill(date(2026, 11, 11)),
}


@pytest.fixture
def everything(banks: Banks) -> Banks:
    """Something for every call to find."""
    paid(banks)
    GATEWAY.open(opening("W0000003"))
    GATEWAY.refund(refund_of(1))
    banks.now += timedelta(days=1)
    return banks


KINDS = ("lost_answer", "error", "slow", "altered")
WRONG = [(call, kind) for call in CALLS for kind in KINDS if (call, kind) != ("close", "altered")]
"""The answer to closing has no body that could be altered."""


@pytest.mark.parametrize(("call", "kind"), WRONG)
def test_whatever_goes_wrong_on_the_way_leaves_it_unknown(
    everything: Banks, call: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", (3.0, 0.2) if kind == "slow" else (3.0, 8.0))
    client._clients.clear()
    everything.fault("wechat", call, kind, seconds=0.5 if kind == "slow" else 0.0)
    with pytest.raises(ChannelDown):
        CALLS[call]()
    client._clients.clear()


def test_a_lost_answer_has_had_its_effect_once(banks: Banks) -> None:
    paid(banks)
    banks.fault("wechat", "refund", "lost_answer")
    with pytest.raises(ChannelDown):
        GATEWAY.refund(refund_of(1_800))
    assert GATEWAY.query_refund(refund_of(1_800)).state == RefundState.PROCESSING
    assert GATEWAY.refund(refund_of(1_800)).state == RefundState.PROCESSING
    assert bank_of(banks).balance() == 31_800 - 191 - 1_800 + 10


def test_nobody_answering_leaves_it_unknown(banks: Banks) -> None:
    kept = accounts.accounts_of("wechat")[0]
    accounts.add_account(
        "wechat", public={**kept.public, "base_url": "http://127.0.0.1:1"}, secret=kept.secret, set_by=None,
        now=NOW + timedelta(seconds=1),
    )  # fmt: skip
    for call in ("create", "query", "refund", "bill"):
        with pytest.raises(ChannelDown):
            CALLS[call]()


def test_an_answer_of_somebody_elses_key_is_not_believed(banks: Banks, monkeypatch: pytest.MonkeyPatch) -> None:
    GATEWAY.open(opening())
    bank = bank_of(banks)
    generation = bank.ring.generation()
    stranger = type(generation)(
        generation.age, generation.merchant, generation.merchant_serial, bank.ring.stranger(),
        generation.public_key_id, generation.apiv3_key,
    )  # fmt: skip
    monkeypatch.setattr(bank.ring, "by_public_key", lambda serial: stranger)
    with pytest.raises(ChannelDown, match="signature"):
        GATEWAY.query(Known("W0000001"))


def test_an_answer_about_another_payment_is_not_believed(banks: Banks, monkeypatch: pytest.MonkeyPatch) -> None:
    GATEWAY.open(opening())
    banks.pay("W0000001", deliver=False)
    GATEWAY.open(opening("W0000002"))
    bank = bank_of(banks)
    monkeypatch.setattr(bank, "_query", lambda asked, generation: told_of(bank, "W0000001"))
    with pytest.raises(ChannelDown, match="another payment"):
        GATEWAY.query(Known("W0000002"))


@pytest.mark.parametrize("facts", [{"mchid": "1900099999"}, {"appid": "wx0000000000000000"}, {"trade_state": "?"},
                                   {"amount": {"total": "31800", "currency": "CNY"}}, {"amount": {}}])  # fmt: skip
def test_an_answer_that_is_not_ours_is_not_believed(
    banks: Banks, monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any]
) -> None:
    paid(banks)
    bank = bank_of(banks)
    monkeypatch.setattr(bank, "_query", lambda asked, generation: {**told_of(bank, "W0000001"), **facts})
    with pytest.raises(ChannelDown):
        GATEWAY.query(Known("W0000001"))


def test_the_bill_of_a_day(banks: Banks) -> None:
    paid(banks)
    banks.now += timedelta(hours=1)
    GATEWAY.refund(refund_of(10_000))
    with pytest.raises(NoBill):
        GATEWAY.bill(date(2026, 11, 11))
    banks.now = datetime(2026, 11, 12, 1, 59, tzinfo=UTC)
    with pytest.raises(NoBill):
        GATEWAY.bill(date(2026, 11, 11))
    banks.now = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)
    rows = list(GATEWAY.bill(date(2026, 11, 11)))
    payment, refund = banks.payment("W0000001"), banks.refund("R0000001")
    assert [(r.kind, r.number, r.channel_ref, r.amount, r.fee, r.currency, r.at) for r in rows] == [
        ("payment", "W0000001", payment.ref, 31_800, 191, "CNY", NOW),
        ("refund", "R0000001", refund.ref, 10_000, -60, "CNY", NOW + timedelta(hours=1)),
    ]
    with pytest.raises(NoBill):
        GATEWAY.bill(date(2026, 11, 10))


def test_former_keys_still_work_until_they_are_ended(banks: Banks) -> None:
    paid(banks)
    bank_of(banks).ring.rotate()
    banks.now += timedelta(seconds=1)
    banks.introduce("wechat")
    assert len(accounts.accounts_of("wechat")) == 2
    assert GATEWAY.query(Known("W0000001")).state == ChannelState.CAPTURED
    GATEWAY.open(opening("W0000002"))
    notice = banks.notices("W0000001")[0]
    headers, body = banks.signed(notice)
    known = GATEWAY.parse_notice(headers, body, banks.now)
    assert known is not None and known.number == "W0000001"
