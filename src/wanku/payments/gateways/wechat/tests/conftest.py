"""The bank, a payment, and what was said of it."""

from collections.abc import Mapping

import pytest

from tests.banks import Banks
from wanku.payments.gateways.wechat.gateway import WechatGateway
from wanku.payments.gateways.wechat.tests.asking import bank_of, opening
from wanku.sandbox.banks.wechat.bank import WechatBank


@pytest.fixture
def bank(banks: Banks) -> WechatBank:
    """WeChat Pay itself."""
    return bank_of(banks)


@pytest.fixture
def said(banks: Banks, ten_in_the_morning: None) -> tuple[Mapping[str, str], bytes]:
    """Headers and body of the notice that W0000001 was paid."""
    WechatGateway().open(opening())
    banks.pay("W0000001", deliver=False)
    return banks.signed(banks.notices("W0000001")[0])
