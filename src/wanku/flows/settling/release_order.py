"""The promise is kept: held money becomes the merchant's, less the platform's commission."""

from collections.abc import Sequence
from datetime import datetime

from wanku.ledger.order_money import Sold, money_of, release_bookings
from wanku.ledger.post import post_all


def release_order(order: Sold, *, now: datetime) -> None:
    """Book the release of a completed order, inside the caller's transaction; a second call books nothing."""
    release_orders([order], now=now)


def release_orders(orders: Sequence[Sold], *, now: datetime) -> None:
    """`release_order` for many, of any merchants, in the same few statements. The caller holds their locks.

    What was refunded or frozen meanwhile is no longer held and so is not released; the commission is of what was not
    refunded. What is frozen for an order stays so until finance thaws it.
    """
    money = money_of([order.pk for order in orders])
    post_all([booking for order in orders for booking in release_bookings(order, money[order.pk])], now=now)
