"""Orders after payment."""

from datetime import timedelta

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.orders.models import Order

SHIPPED_AT = NOW + timedelta(hours=1)


@pytest.fixture
def paid_order(ann_actor: Actor, bo: Shop) -> Order:
    """Two pieces that Ann bought from Bo."""
    return paid(ann_actor, (product_of(bo.merchant), 2))[0]


@pytest.fixture
def shipped_order(paid_order: Order, bo: Shop) -> Order:
    """The same, all of it on its way."""
    ship_order(paid_order.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=SHIPPED_AT)
    paid_order.refresh_from_db()
    return paid_order
