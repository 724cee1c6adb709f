"""A booking as both sides see it: its words, its step bar, what was chosen, its proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wanku.audit.models import Move
from wanku.files.models import Picture
from wanku.fulfilment.booking_states import OPEN
from wanku.fulfilment.codes import spaced_code
from wanku.fulfilment.models import Booking
from wanku.kinds.course import ACCEPTED, CANCELLED, DONE, NO_SHOW, REJECTED, STARTED, TO_ACCEPT, UNDER_WAY
from wanku.kinds.kind import Fact, Kind
from wanku.kinds.registry import KINDS
from wanku.kinds.shown import described
from wanku.orders.models import Line, Order
from wanku.ui.booking_words import booking_label, span_text
from wanku.ui.labels import Label

PATH = (ACCEPTED, UNDER_WAY, STARTED, DONE)
ENDINGS = (NO_SHOW, REJECTED, CANCELLED)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was given with a step."""

    word: str
    at: datetime
    entered_at: datetime
    note: str
    pictures: tuple[Picture, ...]

    @property
    def later(self) -> bool:
        """Whether it was entered later than it happened."""
        return self.entered_at != self.at


@dataclass(frozen=True, slots=True)
class ShownBooking:
    """A booking with its words.

    Attributes:
        when: in the zone of the place; empty without a time.
        code: in groups; empty where none is shown.
        facts: what was chosen, by line.
    """

    booking: Booking
    kind: Kind
    label: Label
    when: str
    code: str
    facts: Mapping[UUID, Sequence[Fact]]
    proof: tuple[Proof, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be kept."""
        return self.booking.state in OPEN


def show_booking(order: Order, booking: Booking, lines: Sequence[Line]) -> ShownBooking:
    """Everything about one booking; one query, for its pictures."""
    kind = KINDS[order.kind]
    starts_at = booking.starts_at
    return ShownBooking(
        booking=booking,
        kind=kind,
        label=booking_label(order.kind, booking.state),
        when=span_text(starts_at, booking.ends_at, booking.zone) if starts_at is not None else "",
        code=spaced_code(booking.code) if kind.course.by_code and booking.state in OPEN else "",
        facts={line.pk: described(line.kind, line.choice) for line in lines},
        proof=_proof(kind, booking),
    )


def _proof(kind: Kind, booking: Booking) -> tuple[Proof, ...]:
    given = booking.proof
    wanted = {UUID(key) for each in given for key in each["pictures"]}
    # Private ones: the route asks again who is reading.
    known = Picture.objects.in_bulk(wanted) if wanted else {}
    return tuple(
        Proof(
            word=str(kind.course.acts.get(each["event"], each["event"])),
            at=datetime.fromisoformat(each["at"]),
            entered_at=datetime.fromisoformat(each["entered_at"]),
            note=each["note"],
            pictures=tuple(known[UUID(key)] for key in each["pictures"] if UUID(key) in known),
        )
        for each in given
    )


def booking_steps(order: Order, booking: Booking, moves: Sequence[Move]) -> list[Mapping[str, Any]]:
    """The step bar in the kind's words: what is done, what comes next; a broken one ends where it broke."""
    course = KINDS[order.kind].course
    reached = {move.to_state: move.at for move in moves if move.subject_type == Booking.MACHINE.name}
    reached |= {ACCEPTED: booking.accepted_at} if booking.accepted_at else {}
    reached |= {STARTED: booking.started_at} if booking.started_at else {}
    reached |= {booking.state: booking.done_at} if booking.done_at else {}
    path = [state for state in PATH if state in course.states]
    passed = path[: path.index(booking.state) + 1] if booking.state in path else [s for s in path if s in reached]
    steps: list[Mapping[str, Any]] = [
        {"label": pgettext("order step", "Paid"), "state": "done", "at": order.paid_at},
        *({"label": course.states[state], "state": "done", "at": reached.get(state)} for state in passed),
    ]
    if booking.state in ENDINGS:
        word = booking_label(order.kind, booking.state).text
        return [*steps, {"label": word, "state": "stopped", "at": booking.done_at}]
    if booking.state == TO_ACCEPT:
        steps.append({"label": course.states[TO_ACCEPT], "state": "now", "at": None})
    rest = [state for state in path if state not in passed]
    for index, state in enumerate(rest):
        now = index == 0 and booking.state != TO_ACCEPT
        steps.append({"label": course.states[state], "state": "now" if now else "todo", "at": None})
    return steps


def silence_words(booking: Booking) -> str:
    """What happens when nobody acts in this state; empty where the order only becomes late."""
    silence = KINDS[booking.kind].course.silence.get(booking.state)
    return {
        "lapse": _("Without an answer by then the order is closed, and everything goes back by itself."),
        "miss": _("If nobody enters that it was begun, everything goes back to the buyer by itself."),
        "no_show": _("Who has not come by then counts as not there, and nothing goes back."),
        "finish": _("If nobody says anything it counts as done."),
    }.get(silence.event if silence else "", "")
