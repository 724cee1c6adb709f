"""Notices: ours are believed, and nothing else is, byte by byte; nobody is called meanwhile."""

import base64
import json
import socket
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http.request import HttpHeaders

from tests.banks import Banks
from tests.cast import NOW
from wanku.payments import accounts
from wanku.payments.channel import ChannelResult, ChannelState, NoticeRefused, RefundResult, RefundState
from wanku.payments.gateways.wechat.gateway import WechatGateway
from wanku.payments.gateways.wechat.proof import NAMES
from wanku.payments.gateways.wechat.tests.asking import opening, refund_of
from wanku.payments.models import ChannelAccount
from wanku.sandbox.banks.books import Notice
from wanku.sandbox.banks.wechat import wire
from wanku.sandbox.banks.wechat.bank import WechatBank

GATEWAY = WechatGateway()
Said = tuple[Mapping[str, str], bytes]
BITS = (0x01, 0x20, 0x80)
"""In ASCII: the next letter, the other case, no letter at all."""


@pytest.fixture
def alone(said: Said, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Nobody can be reached; what was tried all the same."""
    accounts.accounts_of("wechat")
    tried: list[Any] = []

    def refuse(self: socket.socket, address: Any) -> None:
        tried.append(address)
        raise OSError("nobody is called")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield tried
    assert tried == []


def refused(headers: Mapping[str, str], body: bytes, now: datetime = NOW) -> bool:
    """Whether it is not believed; any other error fails the test."""
    try:
        GATEWAY.parse_notice(headers, body, now)
    except NoticeRefused:
        return True
    return False


def test_a_notice_is_believed_and_read(banks: Banks, said: Said, alone: list[Any]) -> None:
    result = GATEWAY.parse_notice(*said, NOW)
    assert isinstance(result, ChannelResult)
    assert (result.gateway, result.number, result.state) == ("wechat", "W0000001", ChannelState.CAPTURED)
    assert (result.amount, result.currency, result.channel_ref) == (31_800, "CNY", banks.payment("W0000001").ref)
    assert result.event_id == banks.notices("W0000001")[0].event_id and len(result.event_hash) == 32


@pytest.mark.parametrize("spelling", [str.lower, str.upper, str.title])
def test_names_of_headers_have_any_case(said: Said, spelling: Any) -> None:
    headers = {f"HTTP_{spelling(name).upper().replace('-', '_')}": value for name, value in said[0].items()}
    assert not refused(HttpHeaders(headers), said[1])


def test_every_byte_of_the_body_is_proven(said: Said, alone: list[Any]) -> None:
    headers, body = said
    assert not refused(headers, body)
    believed = [
        (at, bit)
        for at in range(len(body))
        for bit in BITS
        if not refused(headers, body[:at] + bytes([body[at] ^ bit]) + body[at + 1 :])
    ]
    assert len(body) > 500 and believed == []
    assert all(refused(headers, changed) for changed in (b"", body[:-1], body + b"\n", b"\xef\xbb\xbf" + body))


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_of_the_headers_is_proven(said: Said, alone: list[Any], name: str) -> None:
    headers, body = said
    value = headers[name]
    believed = [
        changed
        for at in range(len(value))
        for bit in BITS
        for changed in [value[:at] + chr(ord(value[at]) ^ bit) + value[at + 1 :]]
        if not refused({**headers, name: changed}, body)
    ]
    assert len(value) >= 10 and believed == []
    for changed in ("", value[:-1], value + " ", " " + value, value + "\n", value + "="):
        assert refused({**headers, name: changed}, body)
    assert refused({key: value for key, value in headers.items() if key != name}, body)


def test_other_spellings_of_the_same_signature_are_not_taken(said: Said) -> None:
    headers, body = said
    signature = headers["Wechatpay-Signature"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    same = [
        spelt
        for letter in alphabet
        for spelt in [f"{signature[:-3]}{letter}=="]
        if base64.b64decode(spelt) == base64.b64decode(signature)
    ]
    assert len(same) == 16, "a lenient reader would take each of them"
    assert [spelt for spelt in same if not refused({**headers, "Wechatpay-Signature": spelt}, body)] == [signature]


@pytest.mark.parametrize(("seconds", "believed"), [(0, True), (299, True), (300, False), (-299, True), (-300, False)])
def test_the_window_of_five_minutes(said: Said, seconds: int, believed: bool) -> None:
    assert refused(*said, NOW + timedelta(seconds=seconds)) is not believed


@pytest.mark.parametrize(
    "serial", ["PUB_KEY_ID_0119000123450000", "5157F09EFDC096DE15EBE81A47057A72", "zz", "0x12", ""]
)
def test_an_unknown_key_is_refused_without_a_call(said: Said, alone: list[Any], serial: str) -> None:
    headers, body = said
    assert refused({**headers, "Wechatpay-Serial": serial}, body)


def test_a_forged_notice_is_refused(banks: Banks, said: Said) -> None:
    assert refused(*banks.signed(banks.notices("W0000001")[0], fault="forged"))


def resealed(bank: WechatBank, change: Any, key: str = "") -> Said:
    """A notice, changed, then truly signed."""
    notice = bank.books.one(Notice, number="W0000001")
    assert notice is not None
    generation = bank.ring.generation()
    body = json.loads(bank.sign_notice(notice, NOW)[1])
    resource = json.loads(json.dumps(notice.facts["resource"]))
    change(body, resource)
    sealed = wire.seal(key or generation.apiv3_key, json.dumps(resource), nonce="0123456789ab", associated="x")
    if isinstance(body.get("resource"), dict):
        body["resource"] |= sealed
    raw = json.dumps(body).encode()
    signer = wire.Signer(generation.platform, generation.public_key_id)
    return wire.signature_headers(signer, raw, int(NOW.timestamp())), raw


def test_what_is_truly_signed_must_still_be_for_us(bank: WechatBank, said: Said) -> None:
    assert not refused(*resealed(bank, lambda body, resource: None))
    changes = [
        lambda body, resource: resource.update(mchid="1900099999"),
        lambda body, resource: resource.update(appid="wx0000000000000000"),
        lambda body, resource: resource.update(trade_state="PAID"),
        lambda body, resource: resource.update(out_trade_no=None),
        lambda body, resource: resource["amount"].update(total="31800"),
        lambda body, resource: resource["amount"].update(total=True),
        lambda body, resource: resource["amount"].pop("currency"),
        lambda body, resource: resource.update(amount=None),
        lambda body, resource: resource.update(amount=[1]),
        lambda body, resource: body.update(id=""),
        lambda body, resource: body.update(id=7),
        lambda body, resource: body.update(id="x" * 65),
        lambda body, resource: body.pop("id"),
        lambda body, resource: body.pop("event_type"),
        lambda body, resource: body.update(resource_type="plain"),
        lambda body, resource: body.update(resource=None),
        lambda body, resource: body.update(resource="x"),
    ]
    assert [number for number, change in enumerate(changes) if not refused(*resealed(bank, change))] == []


def test_what_is_sealed_with_another_key_is_refused(bank: WechatBank, said: Said) -> None:
    assert refused(*resealed(bank, lambda body, resource: None, key="0" * 32))


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b"{}", b"\xff", b"{"])
def test_what_is_truly_signed_may_be_nonsense(bank: WechatBank, said: Said, body: bytes) -> None:
    generation = bank.ring.generation()
    signer = wire.Signer(generation.platform, generation.public_key_id)
    assert refused(wire.signature_headers(signer, body, int(NOW.timestamp())), body)


def test_events_of_other_kinds_are_heard_and_have_no_effect(bank: WechatBank, said: Said) -> None:
    told = resealed(bank, lambda body, resource: body.update(event_type="MCHTRANSFER.BILL.FINISHED"))
    assert GATEWAY.parse_notice(*told, NOW) is None


@pytest.mark.parametrize(("fate", "state"), [("", "succeeded"), ("ABNORMAL", "failed"), ("CLOSED", "failed")])
def test_notices_of_refunds(banks: Banks, bank: WechatBank, said: Said, fate: str, state: str) -> None:
    GATEWAY.refund(refund_of(1_800))
    if fate:
        bank.spoil_refund("R0000001", fate)
    bank.tick(NOW + timedelta(seconds=2))
    notice = banks.notices("R0000001")[0]
    headers, body = banks.signed(notice)
    result = GATEWAY.parse_notice(headers, body, NOW)
    assert isinstance(result, RefundResult) and result.state == RefundState(state)
    assert (result.gateway, result.number, result.amount) == ("wechat", "R0000001", 1_800)
    assert (result.event_id, result.failure) == (notice.event_id, fate.lower())
    assert all(
        refused(headers, body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]) for at in range(len(body))
    )  # fmt: skip


def test_former_keys_prove_until_they_are_ended(banks: Banks, bank: WechatBank, said: Said) -> None:
    bank.ring.rotate()
    banks.introduce("wechat")
    GATEWAY.open(opening("W0000002"))
    banks.pay("W0000002", deliver=False)
    new = banks.signed(banks.notices("W0000002")[0])
    assert new[0]["Wechatpay-Serial"] != said[0]["Wechatpay-Serial"]
    assert not refused(*said) and not refused(*new)
    old = accounts.accounts_of("wechat")[-1]
    ChannelAccount.objects.filter(pk=old.key).update(until=NOW)
    accounts.forget()
    assert refused(*said) and not refused(*new)


def test_a_new_sealing_key_with_the_same_public_key(banks: Banks, said: Said) -> None:
    kept = accounts.accounts_of("wechat")[0]
    secret = {**kept.secret, "apiv3_key": "1" * 32}
    accounts.add_account("wechat", public=kept.public, secret=secret, set_by=None, now=NOW + timedelta(seconds=1))
    assert len(accounts.accounts_of("wechat")) == 2 and not refused(*said)
