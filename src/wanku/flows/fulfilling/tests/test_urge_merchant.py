"""催单: after the promise was missed, once per six hours, three times."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.fulfilling.urge_merchant import urge_merchant
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order

LATE = NOW + timedelta(hours=48)
SIX = timedelta(hours=6)


def urges() -> int:
    """How often the merchant was urged."""
    return Move.objects.filter(event="urge").count()


def code(order: Order, actor: Actor, after: timedelta) -> str:
    """The refusal at a moment counted from the missed promise."""
    before = urges()
    with pytest.raises(Refusal) as refused:
        urge_merchant(order.pk, actor=actor, now=LATE + after)
    assert urges() == before
    return refused.value.code.name


def test_the_ladder(paid_order: Order, ann_actor: Actor) -> None:
    assert code(paid_order, ann_actor, -timedelta(seconds=1)) == "not_late"
    # No sweeper has marked the order yet: the clock decides.
    assert urge_merchant(paid_order.pk, actor=ann_actor, now=LATE) == 2
    assert code(paid_order, ann_actor, SIX - timedelta(seconds=1)) == "urged_too_soon"
    assert urge_merchant(paid_order.pk, actor=ann_actor, now=LATE + SIX) == 1
    assert urge_merchant(paid_order.pk, actor=ann_actor, now=LATE + 2 * SIX) == 0
    assert code(paid_order, ann_actor, 10 * SIX) == "ask_platform"
    assert [move.facts["count"] for move in Move.objects.filter(event="urge").order_by("id")] == [1, 2, 3]


def test_shipped_orders_cannot_be_urged(shipped_order: Order, ann_actor: Actor) -> None:
    assert code(shipped_order, ann_actor, SIX) == "not_waiting"


@pytest.mark.parametrize("who", ["other_actor", "guest_actor", "di_actor"])
def test_only_the_buyer(who: str, paid_order: Order, request: pytest.FixtureRequest) -> None:
    assert code(paid_order, request.getfixturevalue(who), SIX) == "not_found"
