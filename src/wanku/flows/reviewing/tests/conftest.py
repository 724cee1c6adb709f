"""A received order to review."""

from datetime import timedelta

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.files.models import Picture
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.orders.models import Line

RECEIVED_AT = NOW + timedelta(days=3)


@pytest.fixture
def shipped_line(ann_actor: Actor, bo: Shop) -> Line:
    """One piece that Ann bought from Bo, on its way."""
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    ship_order(order.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW)
    return Line.objects.get(order=order)


@pytest.fixture
def line(shipped_line: Line, ann_actor: Actor) -> Line:
    """The same, received."""
    confirm_receipt(shipped_line.order_id, actor=ann_actor, now=RECEIVED_AT)
    return shipped_line


def picture_of(owner: str, *, is_public: bool = True) -> Picture:
    """A stored picture without a file."""
    return Picture.objects.create(
        owner=owner, is_public=is_public, sha256=b"x", width=9, height=9, widths=[9], bytes=9, created_at=NOW
    )
