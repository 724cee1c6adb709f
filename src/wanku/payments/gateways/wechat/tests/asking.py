"""What the tests ask of WeChat Pay, and the bank that they ask."""

from datetime import timedelta
from typing import Any

from tests.banks import Banks
from tests.cast import NOW
from wanku.payments.channel import Opening, RefundCall
from wanku.sandbox.banks.wechat.bank import WechatBank
from wanku.sandbox.banks.wechat.payments import find_order, told


def opening(number: str = "W0000001", method: str = "native", **facts: Any) -> Opening:
    """A pot of tea."""
    known: dict[str, Any] = {
        "amount": 31_800,
        "currency": "CNY",
        "subject": "白瓷茶壶",
        "expires_at": NOW + timedelta(minutes=15),
        "notify_url": "http://testserver/hooks/payments/wechat",
        "return_url": "http://testserver/pay/1/result/?a=b&c=d",
        **facts,
    }
    return Opening(number=number, method=method, **known)


def refund_of(amount: int, number: str = "R0000001", **facts: Any) -> RefundCall:
    """A part of it back."""
    known: dict[str, Any] = {
        "payment_number": "W0000001",
        "payment_amount": 31_800,
        "currency": "CNY",
        "reason": "withdrawn",
        "notify_url": "http://testserver/hooks/payments/wechat",
        **facts,
    }
    return RefundCall(number=number, amount=amount, **known)


def bank_of(banks: Banks) -> WechatBank:
    """WeChat Pay itself."""
    bank = banks.banks["wechat"]
    assert isinstance(bank, WechatBank)
    return bank


def told_of(bank: WechatBank, number: str) -> dict[str, Any]:
    """An order as the bank tells it."""
    return told(bank.books, find_order(bank.books, number=number))
