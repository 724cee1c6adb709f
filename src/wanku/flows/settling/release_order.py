"""The promise is kept: held money becomes the merchant's, less the platform's commission."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from wanku.ledger.post import COMMISSION, Booking, Line, available, held, post_all


class Released(Protocol):
    """What is needed of a completed order."""

    @property
    def pk(self) -> UUID: ...
    @property
    def merchant_id(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def commission(self) -> int: ...


def release_order(order: Released, *, now: datetime) -> None:
    """Book the release of a completed order, inside the caller's transaction; a second call books nothing."""
    release_orders([order], now=now)


def release_orders(orders: Sequence[Released], *, now: datetime) -> None:
    """`release_order` for many, of any merchants, in the same few statements."""
    post_all([_booking(order) for order in orders], now=now)


def _booking(order: Released) -> Booking:
    mine = order.merchant_id
    lines = [
        Line(held(mine), -order.amount, mine, order.pk),
        Line(available(mine), order.amount - order.commission, mine, order.pk),
        Line(COMMISSION, order.commission, mine, order.pk),
    ]
    return Booking(f"release:{order.pk}", "release", "order", order.pk, order.currency, lines)
