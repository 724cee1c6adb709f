"""The bank at a port, and the unchanged SDK in front of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from tests.cast import NOW
from wanku.sandbox.banks.books import Books
from wanku.sandbox.banks.serve import BankServer
from wanku.sandbox.banks.wechat.bank import WechatBank


@dataclass
class Place:
    """The bank, where it is, and what time it has."""

    bank: WechatBank
    url: str
    now: datetime = NOW

    def sdk(self, **other: Any) -> Any:
        """The SDK for the account of now, as its documentation says it is made; only the address is another."""
        account = self.bank.account(self.url)
        known = {
            "wechatpay_type": WeChatPayType.NATIVE,
            "mchid": account.public["mchid"],
            "appid": account.public["appid"],
            "cert_serial_no": account.public["serial_no"],
            "private_key": account.secret["private_key"],
            "apiv3_key": account.secret["apiv3_key"],
            "public_key": account.public["public_key"],
            "public_key_id": account.public["public_key_id"],
            "notify_url": "http://shop.example/notify",
            "proxy": {"http": None, "https": None},
            "timeout": 10,
        }
        sdk = WeChatPay(**{**known, **other})
        sdk._core._gate_way = self.url
        return sdk


@pytest.fixture
def place() -> Iterator[Place]:
    """On books in memory."""
    books = Books()
    bank = WechatBank(books, lambda: where.now)
    server = BankServer([bank], books)
    server.start()
    where = Place(bank, server.base(bank))
    yield where
    server.stop()
    books.close()
