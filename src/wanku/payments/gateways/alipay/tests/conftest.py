"""Payments at the simulated Alipay, over a real socket and through the SDK."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from tests.banks import Banks
from tests.cast import NOW
from wanku.payments.channel import Opened, Opening, RefundCall
from wanku.payments.gateways.alipay.gateway import AlipayGateway

NUMBER = "2026111110000000000000000001"
AMOUNT = 8_805


@pytest.fixture
def alipay(banks: Banks) -> AlipayGateway:
    """The gateway, set up at the bank."""
    return AlipayGateway()


@pytest.fixture
def opened(banks: Banks, alipay: AlipayGateway) -> Callable[..., Opened]:
    """Opens a payment, and lets the browser go there."""

    def open_payment(number: str = NUMBER, method: str = "page", amount: int = AMOUNT, *, go: bool = True) -> Opened:
        opened = alipay.open(opening(number, method, amount))
        if go and method == "precreate":
            assert httpx.get(f"{banks.url}/scan", params={"text": opened.value}).status_code == 303
        elif go:
            assert httpx.get(opened.value).status_code == 303
        return opened

    return open_payment


def opening(number: str = NUMBER, method: str = "page", amount: int = AMOUNT) -> Opening:
    """What is to be collected."""
    return Opening(
        number=number,
        method=method,
        amount=amount,
        currency="CNY",
        subject="Wanku 茶=叶 & 杯/子",
        expires_at=NOW + timedelta(minutes=15),
        notify_url="http://testserver/hooks/payments/alipay",
        return_url="http://testserver/pay/T1/result/",
    )


def refund_call(number: str, amount: int, payment_number: str = NUMBER, whole: int = AMOUNT) -> RefundCall:
    """What is to go back."""
    return RefundCall(number, payment_number, amount, whole, "CNY", "changed_mind")
