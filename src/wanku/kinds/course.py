"""How the promise of a kind is kept: the part of the booking's table that it uses, with its words and clocks.

Bookings of all kinds share one table of states (`wanku.fulfilment.booking_states`):
``to_accept → accepted → under_way → started → done``, and ``no_show``, ``rejected``, ``cancelled``. A kind says what
they are called (a meal that is ``accepted`` is being prepared, one that is ``under_way`` is out for delivery), which
it skips, and what silence means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise

TO_ACCEPT: Final = "to_accept"
ACCEPTED: Final = "accepted"
UNDER_WAY: Final = "under_way"
STARTED: Final = "started"
DONE: Final = "done"
NO_SHOW: Final = "no_show"
REJECTED: Final = "rejected"
CANCELLED: Final = "cancelled"

FROM_NOW: Final = "now"
FROM_START: Final = "start"
FROM_END: Final = "end"


@dataclass(frozen=True, slots=True)
class Silence:
    """What happens in a state when nobody acts.

    Attributes:
        clock: rule in `wanku.kernel.deadlines`.
        since: ``now`` (when the state was reached), ``start`` or ``end`` of what was booked.
        event: of the booking's table: ``lapse`` (not accepted: full refund), ``no_show`` (the buyer did not come),
            ``miss`` (the merchant did not come: full refund), ``finish`` (it counts as done).
    """

    clock: str
    since: str
    event: str


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a booking.

    Attributes:
        states: words of the states that this kind uses, in the order of the step bar; endings too.
        acts: events that the merchant's people cause by hand, with the words of the buttons: ``accept``, ``depart``,
            ``start``, ``finish``, ``no_show``. Without ``accept`` a booking is accepted when it is paid.
        silence: by state; a state without one has no clock of its own.
        by_code: whether the buyer shows a code, which starts it (check-in, 核销).
        at_once: whether it is done in the transaction of the payment (a licence is issued).
        proof: events for which the merchant may add a note and pictures.
        move: whether the buyer may move it to another time while it is accepted or waits to be.
        cancel: states in which the buyer may cancel by the frozen table of notice.
        free_until_accepted: whether that costs nothing while nobody has accepted yet, whatever the table says.
    """

    states: Mapping[str, Promise | str]
    acts: Mapping[str, Promise | str] = field(default_factory=dict)
    silence: Mapping[str, Silence] = field(default_factory=dict)
    by_code: bool = False
    at_once: bool = False
    proof: frozenset[str] = frozenset()
    move: bool = False
    cancel: frozenset[str] = frozenset({TO_ACCEPT, ACCEPTED})
    free_until_accepted: bool = False

    @property
    def first(self) -> str:
        """The state of a booking whose order was just paid."""
        if self.at_once:
            return DONE
        return TO_ACCEPT if "accept" in self.acts else ACCEPTED
