"""Whether a number is one of ours."""

import pytest

from tests.architecture.access_world import invoice
from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.talking.check_number import LIMIT, check_number
from wanku.invoices.models import Invoice
from wanku.kernel.ids import new_number, spaced
from wanku.kernel.refusal import Refusal
from wanku.payments.models import Attempt, Refund

pytestmark = pytest.mark.django_db


def check(number: str, source: str = "203.0.113.9") -> str | None:
    return check_number(number, source=source, now=NOW)


def test_kinds(ann_actor: Actor, bo: Shop) -> None:
    (order,) = paid(ann_actor, (product_of(bo.merchant), 1))
    withdraw_order(order.pk, actor=ann_actor, because="x", now=NOW)
    assert check(order.number) == check(spaced(order.trade.number)) == "order"
    assert check(Attempt.objects.get().number) == "payment"
    assert check(Refund.objects.get().number) == "refund"
    paper = invoice(order)
    assert check(paper.number) == "invoice"
    Invoice.objects.update(issued_at=None)
    assert check(paper.number) is None
    assert check(new_number(NOW)) is None
    assert check("12345") is None


def test_trying_is_counted_by_address(db: None) -> None:
    for _ in range(LIMIT):
        check(new_number(NOW))
    check("no number at all")
    with pytest.raises(Refusal, match="too_often"):
        check(new_number(NOW))
    assert check(new_number(NOW), "203.0.113.10") is None
