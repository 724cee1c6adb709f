"""States of a place in line."""

from typing import Final

from wanku.kernel.states import BUYER, CLOCK, SYSTEM, Machine, Waiting, rule

WAITING: Final = "waiting"
ADMITTED: Final = "admitted"
USED: Final = "used"
LAPSED: Final = "lapsed"
LEFT: Final = "left"
GONE: Final = "gone"
OPEN: Final = (WAITING, ADMITTED)
"""States in which somebody has a place; one per person and product."""

ROOM_TICKET_MACHINE = Machine(
    name="room_ticket",
    initial=WAITING,
    rules={
        (WAITING, "admit"): rule(ADMITTED, SYSTEM),
        (WAITING, "lapse"): rule(LAPSED, CLOCK),
        (WAITING, "leave"): rule(LEFT, BUYER),
        # Nothing is free and nothing is held: waiting longer would be for nothing.
        (WAITING, "sell_out"): rule(GONE, SYSTEM),
        (ADMITTED, "use"): rule(USED, BUYER),
        # The next in line gets the place.
        (ADMITTED, "lapse"): rule(LAPSED, CLOCK),
        (ADMITTED, "leave"): rule(LEFT, BUYER),
    },
    waiting={
        WAITING: Waiting(SYSTEM, "room_wait", "lapse"),
        ADMITTED: Waiting(BUYER, "room_pass", "lapse"),
    },
)
