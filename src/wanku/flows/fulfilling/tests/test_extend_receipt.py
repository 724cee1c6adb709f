"""More time to receive, once."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.fulfilling.extend_receipt import extend_receipt
from wanku.flows.fulfilling.receive_due import receive_due
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order

DUE = NOW + timedelta(hours=1, days=10)


def test_once_by_three_days(shipped_order: Order, ann_actor: Actor) -> None:
    assert extend_receipt(shipped_order.pk, actor=ann_actor, now=NOW) == DUE + timedelta(days=3)
    with pytest.raises(Refusal) as refused:
        extend_receipt(shipped_order.pk, actor=ann_actor, now=NOW + timedelta(days=1))
    assert refused.value.code.name == "already_extended"
    shipped_order.refresh_from_db()
    assert (shipped_order.state, shipped_order.due_at) == ("fulfilled", DUE + timedelta(days=3))
    assert shipped_order.extended_at == NOW
    assert receive_due(now=DUE, limit=10) == 0
    assert Move.objects.filter(event="extend").count() == 1


def test_a_deadline_that_passed_unseen_gives_the_whole_extension(shipped_order: Order, ann_actor: Actor) -> None:
    late = DUE + timedelta(days=5)
    assert extend_receipt(shipped_order.pk, actor=ann_actor, now=late) == late + timedelta(days=3)


@pytest.mark.parametrize("who", ["other_actor", "guest_actor", "di_actor"])
def test_only_the_buyer(who: str, shipped_order: Order, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Refusal) as refused:
        extend_receipt(shipped_order.pk, actor=request.getfixturevalue(who), now=NOW)
    assert refused.value.code.name == "not_found"
    assert Order.objects.get().due_at == DUE


def test_nothing_to_extend_before_shipping(paid_order: Order, ann_actor: Actor) -> None:
    before = Order.objects.filter(pk=paid_order.pk).values().get()
    with pytest.raises(Refusal) as refused:
        extend_receipt(paid_order.pk, actor=ann_actor, now=NOW)
    assert refused.value.code.name == "not_receivable"
    assert Order.objects.filter(pk=paid_order.pk).values().get() == before
