"""States of a booking, for every kind that is not a parcel. Their words and clocks differ by kind (`Kind.course`)."""

from datetime import timedelta
from typing import Final

from wanku.kernel.states import BUYER, CLOCK, MERCHANT, PLATFORM, Machine, MayWait, rule
from wanku.kinds.course import ACCEPTED, CANCELLED, DONE, NO_SHOW, REJECTED, STARTED, TO_ACCEPT, UNDER_WAY

EARLY: Final = timedelta(hours=24)
"""How long before its time a booking may be begun at the earliest: a room that is ready in the morning."""
OPEN: Final = (TO_ACCEPT, ACCEPTED, UNDER_WAY, STARTED)
"""States in which the promise is still to be kept."""

BOOKING_MACHINE = Machine(
    name="booking",
    initial=TO_ACCEPT,
    rules={
        (TO_ACCEPT, "accept"): rule(ACCEPTED, MERCHANT),
        (TO_ACCEPT, "reject"): rule(REJECTED, MERCHANT),
        (TO_ACCEPT, "lapse"): rule(REJECTED, CLOCK),
        (TO_ACCEPT, "reschedule"): rule(TO_ACCEPT, BUYER),
        (TO_ACCEPT, "cancel"): rule(CANCELLED, BUYER, MERCHANT, PLATFORM),
        (ACCEPTED, "depart"): rule(UNDER_WAY, MERCHANT),
        (ACCEPTED, "start"): rule(STARTED, MERCHANT),
        # Some kinds have no step between: a table that was served, a licence.
        (ACCEPTED, "finish"): rule(DONE, MERCHANT, BUYER, CLOCK),
        (ACCEPTED, "no_show"): rule(NO_SHOW, MERCHANT, CLOCK),
        (ACCEPTED, "miss"): rule(CANCELLED, CLOCK),
        (ACCEPTED, "reschedule"): rule(ACCEPTED, BUYER),
        # The clock calls off what depends on others, such as a tour whose group stayed too small.
        (ACCEPTED, "cancel"): rule(CANCELLED, BUYER, MERCHANT, PLATFORM, CLOCK),
        (UNDER_WAY, "start"): rule(STARTED, MERCHANT),
        (UNDER_WAY, "finish"): rule(DONE, MERCHANT, BUYER, CLOCK),
        (UNDER_WAY, "no_show"): rule(NO_SHOW, MERCHANT, CLOCK),
        (UNDER_WAY, "miss"): rule(CANCELLED, CLOCK),
        (UNDER_WAY, "cancel"): rule(CANCELLED, BUYER, MERCHANT, PLATFORM),
        (STARTED, "finish"): rule(DONE, MERCHANT, BUYER, CLOCK),
        (STARTED, "cancel"): rule(CANCELLED, MERCHANT, PLATFORM, CLOCK),
    },
    may_wait={
        TO_ACCEPT: MayWait(MERCHANT, frozenset({"lapse"})),
        ACCEPTED: MayWait(MERCHANT, frozenset({"finish", "no_show", "miss"})),
        UNDER_WAY: MayWait(MERCHANT, frozenset({"finish", "no_show", "miss"})),
        STARTED: MayWait(MERCHANT, frozenset({"finish"})),
    },
)
