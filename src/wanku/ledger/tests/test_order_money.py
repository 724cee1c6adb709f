"""Balances of orders from their postings, and bookings that come to what the rules say."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from tests.cast import NOW
from tests.sale import balance
from tests.statements import statements
from wanku.ledger.models import Entry
from wanku.ledger.order_money import capture_lines, money_of, refund_bookings, release_bookings
from wanku.ledger.post import Line, clearing, frozen, held, post, post_all
from wanku.ledger.rules import OrderMoney

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Sold:
    """An order of merchant 7."""

    pk: UUID = field(default_factory=uuid4)
    merchant_id: int = 7
    currency: str = "CNY"
    amount: int = 10_000
    commission: int = 300
    platform_discount: int = 0


def capture(order: Sold) -> None:
    lines = [Line(clearing("sandbox"), -order.amount), *capture_lines(order)]
    post(
        key=f"c:{order.pk}", reason="capture", ref_type="attempt", ref_id=1, currency="CNY", lines=lines, now=NOW
    )  # fmt: skip


def refund(order: Sold, amount: int, name: str = "r1") -> None:
    post_all(refund_bookings(order, money_of([order.pk])[order.pk], refund_id=name, amount=amount), now=NOW)


def complete(order: Sold) -> None:
    post_all(release_bookings(order, money_of([order.pk])[order.pk]), now=NOW)


def mine() -> tuple[int, int, int]:
    return balance("merchant:7:held"), balance("merchant:7:frozen"), balance("merchant:7:available")


def test_each_order_by_itself_in_one_statement() -> None:
    first, other, unknown = Sold(), Sold(amount=500, commission=0), uuid4()
    capture(first)
    capture(other)
    refund(first, 1_000)
    with statements() as sent:
        found = money_of([first.pk, other.pk, unknown])
    assert len(sent) == 1
    assert found == {first.pk: OrderMoney(held=9_000, refunded=1_000), other.pk: OrderMoney(held=500),
                     unknown: OrderMoney()}  # fmt: skip
    assert money_of([]) == {}


def test_refunds_before_and_after_completion_leave_nothing() -> None:
    order = Sold(commission=333)
    capture(order)
    refund(order, 3_333, "r1")
    complete(order)
    assert mine() == (0, 0, 6_667 - 222) and balance("platform:commission") == 222
    refund(order, 1, "r2")
    refund(order, 6_666, "r3")
    assert mine() == (0, 0, 0)
    assert (balance("platform:commission"), balance("buyer:refunds_due")) == (0, 10_000)
    assert money_of([order.pk])[order.pk] == OrderMoney(refunded=10_000)


def test_commission_is_an_entry_of_its_own() -> None:
    order = Sold()
    capture(order)
    complete(order)
    refund(order, 5_000)
    reasons = list(Entry.objects.order_by("pk").values_list("reason", "ref_type"))
    assert reasons == [
        ("capture", "attempt"),
        ("release", "order"),
        ("commission", "order"),
        ("refund_due", "refund"),
        ("commission_back", "refund"),
    ]


def test_the_same_refund_books_once() -> None:
    order = Sold()
    capture(order)
    money = money_of([order.pk])[order.pk]
    for _ in range(2):
        post_all(refund_bookings(order, money, refund_id="r1", amount=4_000), now=NOW)
    assert mine() == (6_000, 0, 0)


def test_frozen_money_of_the_order_is_refunded_before_available() -> None:
    order = Sold()
    capture(order)
    lines = [Line(held(7), -9_900, 7, order.pk), Line(frozen(7), 9_900, 7, order.pk)]
    post(key="f", reason="freeze", ref_type="freeze", ref_id=1, currency="CNY", lines=lines, now=NOW)
    complete(order)
    assert mine() == (0, 9_700, 0) and balance("platform:commission") == 300
    refund(order, 9_800)
    assert mine() == (0, 0, -100 + 294)
    assert balance("platform:commission") == 6


def test_a_discount_that_the_platform_bears() -> None:
    order = Sold(amount=8_000, platform_discount=2_000)
    capture(order)
    assert mine() == (10_000, 0, 0) and balance("platform:promotions") == -2_000
    complete(order)
    refund(order, 8_000)
    assert mine() == (0, 0, 0)
    assert (balance("platform:promotions"), balance("platform:commission")) == (0, 0)
