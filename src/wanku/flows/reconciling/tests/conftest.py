"""A channel with a bill, and payments to be in it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.billed import Billed, pay_there
from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.payments.models import Attempt

Pay = Callable[..., Attempt]


@pytest.fixture
def pay(channel: Billed, ann_actor: Actor, bo: Shop) -> Pay:
    """Ann buys one pot of tea (¥99.00), pays at the channel, and we hear of it at once or when told."""
    tea = product_of(bo.merchant, stock=1_000)

    def paid(*, at: datetime = NOW, booked: datetime | None = None) -> Attempt:
        return pay_there(channel, placed(ann_actor, (tea, 1), now=at), at=at, booked=booked)

    return paid
