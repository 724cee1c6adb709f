"""Whether a departure goes: what decides it, and what happens when too few people book."""

from typing import Final

from wanku.kernel.states import CLOCK, MERCHANT, SYSTEM, Machine, Waiting, rule

OPEN: Final = "open"
CONFIRMED: Final = "confirmed"
CANCELLED: Final = "cancelled"

DEPARTURE_MACHINE = Machine(
    name="departure",
    initial=OPEN,
    rules={
        # Once it is promised, it goes, even if somebody cancels afterwards.
        (OPEN, "confirm"): rule(CONFIRMED, MERCHANT, CLOCK, SYSTEM),
        # Whoever is paying right now may still bring the group together: one more look when their clocks ran out.
        (OPEN, "wait"): rule(OPEN, CLOCK),
        (OPEN, "miss"): rule(CANCELLED, CLOCK),
        (OPEN, "cancel"): rule(CANCELLED, MERCHANT),
        (CONFIRMED, "cancel"): rule(CANCELLED, MERCHANT),
    },
    waiting={OPEN: Waiting(SYSTEM, "seat_decide", "miss")},
)

SOLD_IN: Final = (OPEN, CONFIRMED)
"""States in which seats are on offer."""
