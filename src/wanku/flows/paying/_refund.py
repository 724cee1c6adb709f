"""Committing the intent of a refund; the sweeper sends it."""

from datetime import datetime

from wanku.kernel.ids import new_number
from wanku.orders.models import Order
from wanku.payments.models import Attempt, Refund
from wanku.payments.states import CREATED


def intend_refund(attempt: Attempt, *, order: Order | None, amount: int, reason: str, now: datetime) -> Refund:
    """Write a refund that is due at once. Amount in minor units; the caller has checked it and holds the locks."""
    return Refund.objects.create(
        attempt=attempt,
        trade_id=attempt.trade_id,
        order=order,
        number=new_number(now),
        currency=attempt.currency,
        amount=amount,
        reason=reason,
        state=CREATED,
        due_at=now,
        created_at=now,
    )
