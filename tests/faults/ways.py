"""Ways to pay by the simulated channels, so that one fault is tried on all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import httpx

from tests.banks import Banks
from tests.cast import NOW, supply_of
from tests.sale import Sale, balance
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.paying.open_attempt import open_attempt
from wanku.ledger.models import Entry
from wanku.payments.models import Attempt, Refund
from wanku.sandbox.banks.books import Payment
from wanku.sandbox.banks.stripe import cards

CARD = "4242424242424242"


@dataclass(frozen=True)
class Way:
    """How a buyer pays by a channel, and what is particular about its notices.

    Attributes:
        method: of an attempt.
        heard: status by which we confirm a notice.
        again: seconds after which it surely has told a notice again.
        tries: calls that its SDK makes before it gives up.
        pay: pay an attempt as a buyer does; the notice of it is sent.
        pay_now: try to pay at the bank alone.
    """

    name: str
    method: str
    heard: int
    again: int
    tries: int
    pay: Callable[[Banks, Attempt], None]
    pay_now: Callable[[Banks, Attempt], Payment]

    def __str__(self) -> str:
        return self.name

    def begin(self, sale: Sale) -> Attempt:
        """Start to pay, and go where it is paid."""
        attempt = open_attempt(
            sale.placed.trade_id, gateway=self.name, method=self.method, actor=sale.actor, now=NOW
        )  # fmt: skip
        if self.method == "page":
            assert httpx.get(attempt.pay_url, trust_env=False).status_code == 303
        return attempt

    def late_money(self, banks: Banks, sale: Sale) -> Refund:
        """Money that came when the order had ended and the goods were gone: it is to go back."""
        attempt = self.begin(sale)
        banks.fault(self.name, "pay", "late", seconds=40 * 60, number=attempt.number)
        self.pay(banks, attempt)
        for minutes in (16, 27):
            expire_trades(now=NOW + timedelta(minutes=minutes), limit=10)
        supply = supply_of(sale.tea)
        supply.free = supply.put_in = 1
        supply.save()
        banks.deliver(after=41 * 60)
        return Refund.objects.get()

    def owes(self) -> int:
        """What the channel has of ours by our books, minor units."""
        return -balance(f"gateway:{self.name}:clearing")

    def in_order(self, sale: Sale) -> None:
        """Paid once, booked once."""
        assert sale.trade.state == "paid" and supply_of(sale.tea).sold == 2
        assert self.owes() == 31_800
        assert Entry.objects.filter(reason="capture").count() == 1 and not Refund.objects.exists()


def _at_once(banks: Banks, attempt: Attempt) -> None:
    banks.pay(attempt.number)


def _now(banks: Banks, attempt: Attempt) -> Payment:
    return banks.pay(attempt.number)


def type_card(banks: Banks, attempt: Attempt, card: str = CARD) -> None:
    """Type a card on the bank's page, in a browser of its own."""
    with httpx.Client(trust_env=False) as browser:
        assert "4242" in browser.get(attempt.pay_url).text
        browser.post(attempt.pay_url, data={"choice": "card", "card": card})
    banks.deliver()


def _card_now(banks: Banks, attempt: Attempt) -> Payment:
    return cards.try_card(banks.banks["stripe"], banks.payment(attempt.number), CARD)


ALIPAY = Way("alipay", "page", heard=200, again=240, tries=1, pay=_at_once, pay_now=_now)
WECHAT = Way("wechat", "native", heard=204, again=60, tries=1, pay=_at_once, pay_now=_now)
STRIPE = Way("stripe", "card", heard=200, again=400, tries=2, pay=type_card, pay_now=_card_now)
WAYS: Mapping[str, Way] = {way.name: way for way in (ALIPAY, WECHAT, STRIPE)}
