"""Invoices of real orders, and a provider that does as a test says."""

from collections.abc import Callable
from types import MappingProxyType

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.invoicing import _send
from wanku.invoices.provider import Issued, Pending, Sheet
from wanku.kernel.ids import new_number
from wanku.orders.models import Line, Order
from wanku.payments.models import Attempt, Refund, RefundLine


class Clerk:
    """A provider of invoices.

    Attributes:
        answer: what it says to everything; an exception is raised.
        known: what it answers when asked about a number.
        heard: every sheet, in order.
    """

    is_tax = True

    def __init__(self) -> None:
        self.answer: Issued | Pending | Exception = Issued(b"%PDF-1.4 test", ref="tax-1")
        self.known: Issued | Pending | None = None
        self.heard: list[Sheet] = []
        self.asked = 0

    def issue(self, sheet: Sheet) -> Issued | Pending:
        """Say what a test says."""
        self.heard.append(sheet)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    reverse = issue

    def query(self, sheet: Sheet) -> Issued | Pending | None:
        """What it has heard of."""
        self.asked += 1
        return self.known


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Clerk:
    """In place of the shops' provider."""
    found = Clerk()
    monkeypatch.setattr(_send, "PROVIDERS", MappingProxyType({"pdf": found}))
    return found


@pytest.fixture
def order(ann_actor: Actor, bo: Shop) -> Order:
    """Two pots and a cup that Ann bought from Bo, 297.00."""
    return paid(ann_actor, (product_of(bo.merchant, "茶壶"), 2), (product_of(bo.merchant, "茶杯"), 1))[0]


Refunded = Callable[..., Refund]


@pytest.fixture
def refunded() -> Refunded:
    """Money of an order that has gone back: so many minor units of its first lines."""

    def make(order: Order, amount: int, *, state: str = "succeeded") -> Refund:
        refund = Refund.objects.create(
            attempt=Attempt.objects.get(trade=order.trade_id),
            trade_id=order.trade_id,
            order=order,
            number=new_number(NOW),
            currency=order.currency,
            amount=amount,
            reason="refunded",
            state=state,
            created_at=NOW,
            due_at=None if state == "succeeded" else NOW,
            succeeded_at=NOW if state == "succeeded" else None,
        )
        for line in Line.objects.filter(order=order):
            back = sum(RefundLine.objects.filter(line=line).values_list("amount", flat=True))
            part = min(amount, line.amount - back)
            if part:
                pieces = line.quantity if part == line.amount else 0
                RefundLine.objects.create(refund=refund, line=line, quantity=pieces, amount=part)
            amount -= part
        refund.freight = amount
        refund.save()
        return refund

    return make
