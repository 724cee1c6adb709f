"""States of a freeze."""

from typing import Final

from wanku.kernel.states import CLOCK, PLATFORM, SYSTEM, Machine, Waiting, rule

FROZEN: Final = "frozen"
ENDED: Final = "ended"

FREEZE_MACHINE = Machine(
    name="freeze",
    initial=FROZEN,
    rules={
        (FROZEN, "thaw"): rule(ENDED, PLATFORM, SYSTEM),
        # Finance has not looked again: it and the shop are reminded. Money that was frozen for a reason is never
        # set free by silence, and nobody may forget it either.
        (FROZEN, "remind"): rule(FROZEN, CLOCK),
    },
    waiting={FROZEN: Waiting(PLATFORM, "review_freeze", "remind")},
)
