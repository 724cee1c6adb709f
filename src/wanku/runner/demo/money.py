"""The shops of the demo are settled and paid through their quarter of a year, by the flows that do it in earnest."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.flows.settling.approve_payout import approve_payout
from wanku.flows.settling.make_payout import make_payout
from wanku.flows.settling.release_due import release_due
from wanku.flows.settling.send_due_payouts import send_due_payouts
from wanku.flows.settling.settle_due import settle_due
from wanku.people.models import Person
from wanku.runner.demo._clock import LOADED, START
from wanku.runner.demo.shops import Shop
from wanku.settlement.bank import PayoutCall, PayoutResult, PayoutState
from wanku.settlement.bank_accounts import COMPANY, Destination, keep_account
from wanku.settlement.banks import BANKS
from wanku.settlement.models import Payout, Settlement
from wanku.settlement.states import PAYABLE

EVERY = timedelta(days=8)
BANK = "sandbox"
CLOSED = "2029"
"""The account of one shop was closed for a while: its payout came back."""


class PaperBank:
    """Carries the payouts of the past, when there was no bank to call."""

    name = BANK

    def is_ready(self) -> bool:
        """Always."""
        return True

    def pay(self, call: PayoutCall) -> PayoutResult:
        """At once; one account is closed."""
        if call.account.endswith(CLOSED):
            return PayoutResult(call.number, PayoutState.FAILED, failure="ACCOUNT_CLOSED", amount=call.amount)
        return PayoutResult(call.number, PayoutState.PAID, f"DEMO{call.number}", amount=call.amount)

    def query(self, number: str) -> PayoutResult:
        """What was paid stays paid."""
        return PayoutResult(number, PayoutState.UNKNOWN)


def pay_shops(shops: Sequence[Shop]) -> None:
    """Release, settle and pay every few days until today, when some wait for their first and second person."""
    maker, checker = _person("finance@demo.example"), _person("di@demo.example")
    for index, shop in enumerate(shops):
        number = f"5719{10_000_000 + 13 * index}{CLOSED if index == 3 else 4201 + index}"
        to = Destination(COMPANY, shop.merchant.legal_name, "招商银行 杭州分行", number)
        keep_account(shop.merchant.pk, to, set_by=shop.actor.person_id, usable_from=START, now=START)
    with _paper_bank():
        at = START + timedelta(days=14)
        while at < LOADED - timedelta(days=1):
            _pay(maker, checker, at)
            at += EVERY
        _settle(LOADED)
        for settlement in Settlement.objects.filter(state=PAYABLE).order_by("pk")[:2]:
            make_payout(settlement.pk, actor=maker, now=LOADED)
    # The books of the bank that is called from now on begin today.
    Payout.objects.update(watch_at=None)


def _pay(maker: Actor, checker: Actor, at: datetime) -> None:
    _settle(at)
    for settlement in Settlement.objects.filter(state=PAYABLE).order_by("pk"):
        payout = make_payout(settlement.pk, actor=maker, now=at + timedelta(hours=9))
        approve_payout(payout.pk, actor=checker, now=at + timedelta(hours=10))
    while send_due_payouts(now=at + timedelta(hours=10), limit=50):
        pass


def _settle(at: datetime) -> None:
    while release_due(now=at, limit=500):
        pass
    while settle_due(now=at, limit=500):
        pass


def _person(email: str) -> Actor:
    person = Person.objects.get(email=email)
    return Actor(person_id=person.pk, platform=frozenset({PlatformRole.FINANCE.value}))


@contextmanager
def _paper_bank() -> Iterator[None]:
    before = BANKS[BANK]
    BANKS[BANK] = PaperBank()
    try:
        yield
    finally:
        BANKS[BANK] = before
