"""Money that a shop has earned, settled and is to be paid: steps for tests of what comes after."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.bought import paid
from tests.cast import NOW, PASSWORD, Shop, product_of
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.settling.approve_payout import approve_payout
from wanku.flows.settling.make_payout import make_payout
from wanku.flows.settling.release_due import release_due
from wanku.flows.settling.settle_due import settle_due
from wanku.orders.models import Order
from wanku.people.models import Person
from wanku.settlement.bank_accounts import CARD, Destination, keep_account
from wanku.settlement.models import BankAccount, Payout, Plan, Settlement, Window

DAY = timedelta(days=1)
CARD_NUMBER = "6222021001116245702"
CLOSED_NUMBER = "622202100000030002"
"""The sandbox's bank says that this account is closed."""


@pytest.fixture
def maker(db: None) -> Actor:
    """Somebody of platform finance, who makes payouts."""
    return seat("maker")


@pytest.fixture
def checker(db: None) -> Actor:
    """Somebody else of platform finance, who approves them."""
    return seat("checker")


def seat(name: str) -> Actor:
    """A person with the role of finance."""
    person = Person.objects.create_user(email=f"{name}@example.com", password=PASSWORD, name=name.title())
    return Actor(person_id=person.pk, platform=frozenset({PlatformRole.FINANCE}))


def completed(buyer: Actor, shop: Shop, *, price: int = 100_000, now: datetime = NOW, **product: Any) -> Order:
    """An order that was bought, shipped and received."""
    order = paid(buyer, (product_of(shop.merchant, prices=(price,), **product), 1), now=now)[0]
    ship_order(
        order.pk, pieces=None, carrier="sf", tracking=f"SF{order.number[-13:]}", actor=shop.actor, now=now
    )  # fmt: skip
    confirm_receipt(order.pk, actor=buyer, now=now)
    return Order.objects.get(pk=order.pk)


def released(buyer: Actor, shop: Shop, *, price: int = 100_000, now: datetime = NOW) -> Order:
    """An order whose window has closed as well; gives it as it is then."""
    order = completed(buyer, shop, price=price, now=now)
    window = Window.objects.get(order=order)
    assert window.due_at is not None
    assert release_due(now=window.due_at, limit=100) >= 1
    return order


def settled(buyer: Actor, shop: Shop, *, price: int = 100_000, now: datetime = NOW) -> Settlement:
    """A settlement that is to be paid, of one order."""
    released(buyer, shop, price=price, now=now)
    plan = Plan.objects.get(merchant=shop.merchant)
    moment = max(plan.due_at, now + 9 * DAY)
    assert settle_due(now=moment, limit=10) == 1
    return Settlement.objects.filter(merchant=shop.merchant).latest("drawn_at")


def account(shop: Shop, *, number: str = CARD_NUMBER, at: datetime = NOW) -> BankAccount:
    """Where the shop is paid, usable at once."""
    return keep_account(
        shop.merchant.pk, Destination(CARD, "安小姐", "中国银行", number), set_by=None, usable_from=at, now=at
    )


def made(settlement: Settlement, maker: Actor) -> Payout:
    """A payout that waits for its second person."""
    return make_payout(settlement.pk, actor=maker, now=settlement.drawn_at)


def approved(settlement: Settlement, maker: Actor, checker: Actor) -> Payout:
    """A payout that is to be sent."""
    payout = made(settlement, maker)
    approve_payout(payout.pk, actor=checker, now=settlement.drawn_at)
    return Payout.objects.get(pk=payout.pk)
