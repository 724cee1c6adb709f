"""States of a parcel."""

from typing import Final

from wanku.kernel.states import BUYER, CLOCK, MERCHANT, SYSTEM, Machine, rule

SHIPPED: Final = "shipped"
DELIVERED: Final = "delivered"
RECEIVED: Final = "received"

PARCEL_MACHINE = Machine(
    name="parcel",
    initial=SHIPPED,
    rules={
        (SHIPPED, "deliver"): rule(DELIVERED, SYSTEM, MERCHANT),
        (SHIPPED, "receive"): rule(RECEIVED, BUYER, CLOCK),
        (DELIVERED, "receive"): rule(RECEIVED, BUYER, CLOCK),
    },
    # Nobody must act on a parcel itself: the receipt clock runs on its order.
)
