"""Invoices of real orders."""

from collections.abc import Callable

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.kernel.ids import new_number
from wanku.orders.models import Line, Order
from wanku.payments.models import Attempt, Refund, RefundLine


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
