"""What people add to a step of a booking: why, and when it truly happened."""

from datetime import datetime

from django.utils.timezone import is_aware

from wanku.fulfilment.models import Booking
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kernel.text import clean

REASON_MIN, REASON_MAX = 2, 200
TOO_EARLY = Code("booking_too_early", gettext_noop("This is only possible from %(at)s."), 409)
NOT_PART = Code("not_part_of_course", gettext_noop("Orders of this kind do not have this step."), 409)


def reason(because: str) -> str:
    """A reason that the other side reads.

    Raises:
        Refusal: ``bad_value`` on ``because``.
    """
    text = clean(because)
    if not REASON_MIN <= len(text) <= REASON_MAX:
        raise Refusal(BAD_VALUE, field="because", problem=gettext_noop("Tell the buyer why, in 2 to 200 characters."))
    return text


def true_time(booking: Booking, happened_at: datetime | None, *, now: datetime) -> datetime:
    """When a step truly happened; what was not entered in time may be entered later.

    Raises:
        Refusal: ``bad_value`` on ``happened_at``: in the future, or before the step that came before.
    """
    if happened_at is None:
        return now
    problem = None
    if not is_aware(happened_at):
        problem = gettext_noop("Please give the time with its zone.")
    elif happened_at > now:
        problem = gettext_noop("This time has not come yet.")
    elif happened_at < (booking.started_at or booking.accepted_at or booking.begun_at):
        problem = gettext_noop("This is before the step that came before it.")
    if problem is not None:
        raise Refusal(BAD_VALUE, field="happened_at", problem=problem)
    return happened_at


def not_before(moment: datetime | None, at: datetime) -> None:
    """Refuse a step that comes too early.

    Raises:
        Refusal: ``booking_too_early``.
    """
    if moment is not None and at < moment:
        raise Refusal(TOO_EARLY, at=moment)
