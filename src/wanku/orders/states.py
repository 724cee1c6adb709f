"""States of trades and orders."""

from typing import Final

from wanku.kernel.states import BUYER, CLOCK, GATEWAY, MERCHANT, PLATFORM, SYSTEM, Machine, Waiting, rule

PLACED: Final = "placed"
PAID: Final = "paid"
FULFILLING: Final = "fulfilling"
FULFILLED: Final = "fulfilled"
COMPLETED: Final = "completed"
CANCELLED: Final = "cancelled"
CLOSED: Final = "closed"
NOT_CONFIRMED: Final = "not_confirmed"
"""Why a trade expired: finance has seen its transfer and did not confirm it in time."""

TRADE_MACHINE = Machine(
    name="trade",
    initial=PLACED,
    rules={
        (PLACED, "pay"): rule(PAID, GATEWAY),
        (PLACED, "cancel"): rule(CANCELLED, BUYER, PLATFORM),
        (PLACED, "expire"): rule(CANCELLED, CLOCK),
        # Money that came late is kept only if the supplies could be taken again.
        (CANCELLED, "revive"): rule(PAID, GATEWAY),
    },
    waiting={PLACED: Waiting(BUYER, "pay_goods", "expire")},
)

ORDER_MACHINE = Machine(
    name="order",
    initial=PLACED,
    rules={
        (PLACED, "pay"): rule(PAID, GATEWAY),
        (PLACED, "cancel"): rule(CANCELLED, BUYER, PLATFORM),
        (PLACED, "expire"): rule(CANCELLED, CLOCK),
        (CANCELLED, "revive"): rule(PAID, GATEWAY),
        (PAID, "start"): rule(FULFILLING, MERCHANT, SYSTEM),
        (PAID, "fulfil"): rule(FULFILLED, MERCHANT, SYSTEM),
        # Called off with everything paid back; parcels only before the first one leaves, bookings while they are open.
        (PAID, "withdraw"): rule(CLOSED, BUYER, MERCHANT, PLATFORM, CLOCK),
        (FULFILLING, "withdraw"): rule(CLOSED, BUYER, MERCHANT, PLATFORM, CLOCK),
        # Called off at a fee, as the terms of the order say; the merchant keeps it.
        (PAID, "keep_fee"): rule(COMPLETED, BUYER),
        (FULFILLING, "keep_fee"): rule(COMPLETED, BUYER),
        # All of it was paid back, at once or in parts.
        (PAID, "refund"): rule(CLOSED, MERCHANT, PLATFORM),
        (FULFILLING, "refund"): rule(CLOSED, MERCHANT, PLATFORM),
        # Buyers give back by themselves what cannot be sent: licences that were never activated.
        (FULFILLED, "refund"): rule(CLOSED, BUYER, MERCHANT, PLATFORM),
        (COMPLETED, "refund"): rule(CLOSED, BUYER, MERCHANT, PLATFORM),
        # Silence of the merchant: the order is late, the desk is reminded again and again, the buyer sees it.
        (PAID, "late"): rule(PAID, CLOCK),
        (FULFILLING, "late"): rule(FULFILLING, CLOCK),
        (FULFILLING, "fulfil"): rule(FULFILLED, MERCHANT, SYSTEM),
        (FULFILLED, "confirm"): rule(COMPLETED, BUYER),
        (FULFILLED, "receive"): rule(COMPLETED, CLOCK),
        (FULFILLED, "extend"): rule(FULFILLED, BUYER),
    },
    waiting={
        PLACED: Waiting(BUYER, "pay_goods", "expire"),
        PAID: Waiting(MERCHANT, "ship", "late"),
        FULFILLING: Waiting(MERCHANT, "ship", "late"),
        FULFILLED: Waiting(BUYER, "receipt_goods", "receive"),
    },
)
