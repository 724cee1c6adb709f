"""The banks that there are: one line each."""

from typing import Final

from wanku.sandbox.banks.alipay.bank import AlipayBank
from wanku.sandbox.banks.bank import Bank, Clock
from wanku.sandbox.banks.books import Books
from wanku.sandbox.banks.payout import PayoutBank
from wanku.sandbox.banks.stripe.bank import StripeBank
from wanku.sandbox.banks.wechat.bank import WechatBank

KINDS: Final[tuple[type[Bank], ...]] = (WechatBank, AlipayBank, StripeBank, PayoutBank)


def open_banks(books: Books, now: Clock) -> list[Bank]:
    """Every bank, on these books and by this clock."""
    return [kind(books, now) for kind in KINDS]
