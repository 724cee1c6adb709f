"""What is booked and not sent, as its buyer sees it: code, time and place, what cancelling costs, what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from wanku.flows.booking._fee import cost_now, share_now
from wanku.flows.booking.reschedule_booking import MOVES_MAX
from wanku.fulfilment.models import Booking
from wanku.kernel.money import Money
from wanku.kinds.course import ACCEPTED, STARTED, TO_ACCEPT, UNDER_WAY
from wanku.kinds.notice_words import notice_words
from wanku.kinds.registry import KINDS
from wanku.orders.models import Line, Order
from wanku.orders.sealed import details_of
from wanku.ui.bookings import ShownBooking, show_booking, silence_words


@dataclass(frozen=True, slots=True)
class BookingView:
    """The booking's part of an order's page.

    Attributes:
        fee, back: what cancelling costs now and what goes back; none where the buyer cannot cancel.
        free_until: until when it costs nothing, if it still does.
        notice: the table of the order in words.
        acts: ``cancel_booking``, ``move``, ``done``, ``calendar``.
        details: what was asked besides, masked by its kind.
    """

    shown: ShownBooking
    fee: Money | None
    back: Money | None
    free_until: datetime | None
    notice: Sequence[str]
    acts: frozenset[str]
    details: Sequence[Any]

    @property
    def booking(self) -> Booking:
        """The row."""
        return self.shown.booking


def read_booking(order: Order, lines: Sequence[Line], *, now: datetime) -> BookingView | None:
    """The booking of an order; none for goods and before the payment."""
    if order.kind not in KINDS:
        return None
    booking = Booking.objects.filter(order=order).first()
    if booking is None:
        return None
    booking.order = order
    kind, table = KINDS[order.kind], order.terms.get("cancellation", ())
    can_cancel = booking.state in kind.course.cancel
    cost = cost_now(order, booking, now=now) if can_cancel else None
    return BookingView(
        shown=show_booking(order, booking, lines),
        fee=Money(cost.fee, order.currency) if cost else None,
        back=Money(cost.left - cost.fee, order.currency) if cost else None,
        free_until=_free_until(table, booking.starts_at, now) if can_cancel else None,
        notice=notice_words(table),
        acts=_acts(order, booking, lines, now),
        details=[fact for line in lines if line.sealed for fact in kind.mask(details_of(line))],
    )


def _acts(order: Order, booking: Booking, lines: Sequence[Line], now: datetime) -> frozenset[str]:
    """What the buyer can do; the flows decide again."""
    course, acts = KINDS[order.kind].course, set()
    begun = booking.starts_at is not None and booking.starts_at <= now
    if booking.state in course.cancel:
        acts.add("cancel_booking")
    free = not share_now(order, booking, now=now)
    if (
        course.move
        and booking.state in (TO_ACCEPT, ACCEPTED)
        and booking.rescheduled < MOVES_MAX
        and free
        and not begun
        and not any(line.called_off for line in lines)
    ):
        acts.add("move")
    if booking.state in (ACCEPTED, UNDER_WAY, STARTED) and (begun or booking.starts_at is None):
        acts.add("done")
    if booking.starts_at is not None:
        acts.add("calendar")
    return frozenset(acts)


def _free_until(table: Sequence[Any], starts_at: datetime | None, now: datetime) -> datetime | None:
    """The last moment at which cancelling costs nothing, if it has not passed."""
    free = [int(row["hours"]) for row in table if not int(row["bp"])]
    if starts_at is None or not free:
        return None
    until = starts_at - timedelta(hours=min(free))
    return until if until > now else None


def booking_turn(order: Order, booking: Booking, now: datetime) -> tuple[datetime | None, str, bool, str, str] | None:
    """Whose turn it is: until when, who, whether it is the reader's, what, and what silence means."""
    late = order.late_since is not None or (order.ship_by is not None and order.ship_by <= now)
    if late and booking.state in (ACCEPTED, UNDER_WAY, STARTED):
        said = _("The shop has not said how it went. If it is done you can confirm it; if not, you can urge the shop.")
        return order.ship_by, "merchant", False, _("The shop enters how it went"), said
    if booking.state == TO_ACCEPT:
        return booking.due_at, "merchant", False, _("The shop accepts"), silence_words(booking)
    if booking.state in (ACCEPTED, UNDER_WAY) and booking.starts_at is not None and booking.starts_at > now:
        return booking.starts_at, "", False, _("It begins"), ""
    return None
