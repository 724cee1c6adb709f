"""Bookings that were really placed and really paid."""

import pytest

from tests.cast import Shop
from tests.slots import SlotKind, book
from wanku.access.actor import Actor
from wanku.orders.models import Order


@pytest.fixture
def order(slots: SlotKind, ann_actor: Actor, bo: Shop) -> Order:
    """Ann's hour at Bo's in three days; it waits to be accepted."""
    return book(ann_actor, bo)
