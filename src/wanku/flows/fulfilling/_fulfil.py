"""Nothing is left to ship: the buyer's receipt clock starts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wanku.audit.move import By, move
from wanku.audit.rules import due
from wanku.fulfilment.carriers import BY_HAND
from wanku.orders.clocks import due_for
from wanku.orders.models import Order


def fulfil(order: Order, *, by: By, now: datetime, facts: Mapping[str, Any]) -> None:
    """Move an order whose last piece has left, or of which the rest was called off. The caller holds its lock."""
    by_hand = not order.parcels.exclude(carrier=BY_HAND).exists()
    due_at = due("receipt_by_hand", now) if by_hand else due_for(order, "receipt_goods", now)
    move(order, "fulfil", by=by, now=now, due_at=due_at, facts=facts)
    order.fulfilled_at = now
    order.save(update_fields=["fulfilled_at"])
