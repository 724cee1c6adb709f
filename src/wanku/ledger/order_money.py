"""The money of orders: their balances, and the bookings that follow from `wanku.ledger.rules`.

Whoever books holds the orders' locks, so that what is read here still stands when it is booked.
"""

from collections.abc import Collection
from typing import Final, Protocol
from uuid import UUID

from wanku.kernel.arrays import execute, literal
from wanku.ledger.post import (
    COMMISSION,
    PROMOTIONS,
    REFUNDS_DUE,
    Booking,
    Line,
    available,
    frozen,
    held,
)
from wanku.ledger.rules import Frame, OrderMoney, release, take_back

# What goes to `buyer:refunds_due` for an order was refunded, whether or not the channel has paid it by now.
BY_ORDER: Final = """
SELECT order_id,
    coalesce(sum(amount) FILTER (WHERE account LIKE 'merchant:%:held'), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE account LIKE 'merchant:%:frozen'), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE account LIKE 'merchant:%:available'), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE account = 'platform:commission'), 0)::bigint,
    coalesce(-sum(amount) FILTER (WHERE account = 'platform:promotions'), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE account = 'buyer:refunds_due' AND amount > 0), 0)::bigint
FROM ledger_posting WHERE order_id = ANY($1::uuid[]) GROUP BY order_id
"""
NOTHING: Final = OrderMoney()

RELEASED: Final = "SELECT ref_id::uuid FROM ledger_entry WHERE key = ANY($1::text[])"


class Sold(Protocol):
    """What is needed of an order; amounts in minor units."""

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


class Paid(Protocol):
    """An order as its capture sees it; amounts in minor units."""

    @property
    def pk(self) -> UUID: ...
    @property
    def merchant_id(self) -> int: ...
    @property
    def amount(self) -> int: ...
    @property
    def platform_discount(self) -> int: ...


class Discounted(Sold, Protocol):
    """An order with the part of its price that the platform bears, beyond ``amount``."""

    @property
    def platform_discount(self) -> int: ...


def money_of(order_ids: Collection[UUID]) -> dict[UUID, OrderMoney]:
    """Balances by order, from the postings alone; one statement. An order without postings has nothing anywhere."""
    if not order_ids:
        return {}
    rows = execute(BY_ORDER, [literal(order_ids, "uuid")], prepared=False)
    return dict.fromkeys(order_ids, NOTHING) | {row[0]: OrderMoney(*row[1:]) for row in rows}


def released(order_ids: Collection[UUID]) -> set[UUID]:
    """Those of them whose held money was released, at least in part."""
    keys = literal([f"release:{order_id}" for order_id in order_ids], "text")
    return {row[0] for row in execute(RELEASED, [keys], prepared=False)}


def capture_lines(order: Paid) -> list[Line]:
    """What the merchant holds of a paid order: the buyer's money, and the discount that the platform bears."""
    mine, discount = order.merchant_id, order.platform_discount
    lines = [Line(held(mine), order.amount + discount, mine, order.pk)]
    return [*lines, Line(PROMOTIONS, -discount, None, order.pk)] if discount else lines


def release_bookings(order: Sold, money: OrderMoney) -> list[Booking]:
    """What is held becomes available; the commission is an entry of its own, so that a statement shows it as a line."""
    mine, part = order.merchant_id, release(Frame(order.amount, order.commission), money)
    bookings = []
    if part.earned:
        lines = [Line(held(mine), -part.earned, mine, order.pk), Line(available(mine), part.earned, mine, order.pk)]
        bookings.append(Booking(f"release:{order.pk}", "release", "order", order.pk, order.currency, lines))
    if part.commission:
        lines = [
            Line(available(mine), part.from_frozen - part.commission, mine, order.pk),
            Line(frozen(mine), -part.from_frozen, mine, order.pk),
            Line(COMMISSION, part.commission, mine, order.pk),
        ]
        bookings.append(Booking(f"commission:{order.pk}", "commission", "order", order.pk, order.currency, lines))
    return bookings


def refund_bookings(order: Discounted, money: OrderMoney, *, refund_id: object, amount: int) -> list[Booking]:
    """The merchant's money becomes the buyer's; the platform's commission on it comes back as an entry of its own.

    Args:
        amount: what the buyer gets, minor units.

    Raises:
        ValueError: as `wanku.ledger.rules.take_back`.
    """
    frame = Frame(order.amount, order.commission, order.platform_discount)
    mine, part = order.merchant_id, take_back(frame, money, amount)
    lines = [
        Line(held(mine), -part.held, mine, order.pk),
        Line(frozen(mine), -part.frozen, mine, order.pk),
        Line(available(mine), -part.available, mine, order.pk),
        Line(REFUNDS_DUE, part.to_buyer, None, order.pk),
        Line(PROMOTIONS, part.to_promotions, None, order.pk),
    ]
    bookings = [Booking(f"refund_due:{refund_id}", "refund_due", "refund", refund_id, order.currency, lines)]
    if part.commission_back:
        lines = [
            Line(COMMISSION, -part.commission_back, mine, order.pk),
            Line(available(mine), part.commission_back, mine, order.pk),
        ]
        key = f"commission_back:{refund_id}"
        bookings.append(Booking(key, "commission_back", "refund", refund_id, order.currency, lines))
    return bookings
