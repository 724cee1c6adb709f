"""Answers to our calls: every byte of them is proven, and so is when and by whom they were signed."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
import requests
import time_machine

from tests.banks import Banks
from tests.cast import NOW
from wanku.payments.channel import ChannelDown, ChannelState, Known
from wanku.payments.gateways.wechat.gateway import WechatGateway
from wanku.payments.gateways.wechat.proof import NAMES
from wanku.payments.gateways.wechat.tests.asking import opening
from wanku.sandbox.banks.http import Answer
from wanku.sandbox.banks.serve import BankServer
from wanku.sandbox.banks.wechat.bank import WechatBank

pytestmark = pytest.mark.usefixtures("said")
GATEWAY = WechatGateway()
Change = Callable[[Mapping[str, str], bytes], tuple[Mapping[str, str], bytes]]


class Wire:
    """The answer of one query, once fetched from the bank, then handed to the SDK in altered forms."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answer: requests.Response | None = None
        self.change: Change = lambda headers, body: (headers, body)
        self.calls: list[str] = []
        self._real = requests.get
        monkeypatch.setattr(requests, "get", self._get)

    def _get(self, url: str, **rest: Any) -> requests.Response:
        self.calls.append(url)
        if self.answer is None:
            self.answer = self._real(url, **rest)
        headers, body = self.change(self.answer.headers, self.answer.content)
        altered = requests.Response()
        altered.status_code, altered._content = self.answer.status_code, body
        altered.headers = requests.structures.CaseInsensitiveDict(headers)
        altered.encoding = self.answer.encoding
        return altered

    def believed(self, change: Change) -> bool:
        """Whether the gateway takes the answer in this form; any error but `ChannelDown` fails the test."""
        self.change = change
        try:
            return GATEWAY.query(Known("W0000001")).state == ChannelState.CAPTURED
        except ChannelDown:
            return False


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Between the SDK and the bank."""
    return Wire(monkeypatch)


def flipped(text: str, at: int, bit: int) -> str:
    """One letter changed."""
    return text[:at] + chr(ord(text[at]) ^ bit) + text[at + 1 :]


def test_every_byte_of_an_answer_is_proven(wire: Wire) -> None:
    assert wire.believed(lambda headers, body: (headers, body)) and wire.answer is not None
    body = wire.answer.content
    taken = [
        at
        for at in range(len(body))
        if wire.believed(lambda h, b, at=at: (h, b[:at] + bytes([b[at] ^ 1]) + b[at + 1 :]))  # type: ignore[misc]
    ]
    assert len(body) > 300 and taken == []


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_of_its_headers_is_proven(wire: Wire, name: str) -> None:
    assert wire.believed(lambda headers, body: (headers, body)) and wire.answer is not None
    value = wire.answer.headers[name]
    taken = [
        (at, bit)
        for at in range(len(value))
        for bit in (0x01, 0x20)
        if wire.believed(lambda h, b, at=at, bit=bit: ({**h, name: flipped(value, at, bit)}, b))  # type: ignore[misc]
    ]
    assert taken == []
    assert not wire.believed(lambda h, b: ({key: v for key, v in h.items() if key.lower() != name.lower()}, b))
    assert all("certificates" not in url for url in wire.calls), "an unknown key is no reason to ask for others"


@pytest.mark.parametrize(("seconds", "taken"), [(299, True), (301, False)])
def test_an_old_answer_is_not_taken(banks: Banks, wire: Wire, time_machine_at: Any, seconds: int, taken: bool) -> None:
    assert wire.believed(lambda headers, body: (headers, body))
    time_machine_at(NOW + timedelta(seconds=seconds))
    assert wire.believed(lambda headers, body: (headers, body)) is taken


@pytest.fixture
def time_machine_at() -> Any:
    """Sets the clock on the wall."""
    travels: list[Any] = []

    def go(at: Any) -> None:
        travels.append(time_machine.travel(at, tick=False))
        travels[-1].start()

    yield go
    for travel in reversed(travels):
        travel.stop()


def test_an_empty_answer_is_proven_too(banks: Banks, monkeypatch: pytest.MonkeyPatch) -> None:
    GATEWAY.open(opening("W0000002"))
    answered = BankServer.answer

    def unsigned(self: BankServer, asked: Any) -> Answer:
        answer = answered(self, asked)
        headers = {**answer.headers, "Wechatpay-Nonce": "0" * 32} if answer.status == 204 else answer.headers
        return Answer(answer.status, headers, answer.body)

    monkeypatch.setattr(BankServer, "answer", unsigned)
    with pytest.raises(ChannelDown):
        GATEWAY.close(Known("W0000002"))
    monkeypatch.setattr(BankServer, "answer", answered)
    assert GATEWAY.close(Known("W0000002")).state == ChannelState.CLOSED


def test_a_bill_that_was_touched_is_not_taken(banks: Banks, bank: WechatBank, monkeypatch: pytest.MonkeyPatch) -> None:
    banks.now += timedelta(days=1)
    true = bank.bills.file
    assert len(list(GATEWAY.bill(date(2026, 11, 11)))) == 1
    size = len(next(iter(bank.bills._links.values()))[1])
    taken = []
    for at in range(10, size):  # the first ten bytes are gzip's header, of which some say nothing about the text

        def file(token: str, now: Any, at: int = at) -> bytes:
            raw = true(token, now)
            return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]

        monkeypatch.setattr(bank.bills, "file", file)
        try:
            rows = list(GATEWAY.bill(date(2026, 11, 11)))
        except ChannelDown:
            continue
        taken.append((at, rows))
    assert size > 300 and taken == []
