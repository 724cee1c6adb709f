"""The promise is kept: held money becomes the merchant's, less the platform's commission."""

from datetime import datetime

from wanku.ledger.post import COMMISSION, Line, available, held, post
from wanku.orders.models import Order


def release_order(order: Order, *, now: datetime) -> None:
    """Book the release of a completed order, inside the caller's transaction; a second call books nothing."""
    mine = order.merchant_id
    post(
        key=f"release:{order.pk}",
        reason="release",
        ref_type="order",
        ref_id=order.pk,
        currency=order.currency,
        lines=[
            Line(held(mine), -order.amount, mine, order.pk),
            Line(available(mine), order.amount - order.commission, mine, order.pk),
            Line(COMMISSION, order.commission, mine, order.pk),
        ],
        now=now,
    )
