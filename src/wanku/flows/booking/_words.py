"""What people add to a step of a booking: when it truly happened, a note, pictures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.timezone import is_aware

from wanku.access.actor import Actor
from wanku.files.models import Picture
from wanku.fulfilment.models import Booking
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean

NOTE_MAX: Final = 500
PICTURES_MAX: Final = 6
REASON_MIN, REASON_MAX = 2, 200
EARLY: Final = timedelta(hours=24)
"""How long before its time a booking may be begun at the earliest: a room that is ready in the morning."""
TOO_EARLY = Code("booking_too_early", gettext_noop("This is only possible from %(at)s."), 409)
NOT_PART = Code("not_part_of_course", gettext_noop("Orders of this kind do not have this step."), 409)
NOT_YOURS = Code("not_your_picture", gettext_noop("Please upload this picture yourself first."), 422)


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


def proof(
    event: str, note: str, pictures: Sequence[UUID], *, at: datetime, actor: Actor, merchant_id: int, now: datetime
) -> dict[str, Any] | None:
    """What is kept with a step; none when nothing was given.

    Args:
        pictures: ids of pictures that belong to the merchant.

    Raises:
        Refusal: ``bad_value`` on ``note`` or ``pictures``, ``not_your_picture``.
    """
    text = clean(note)
    refusals = []
    if len(text) > NOTE_MAX:
        refusals.append(Refusal(BAD_VALUE, field="note", problem=gettext_noop("This is too long.")))
    if len(pictures) > PICTURES_MAX:
        refusals.append(Refusal(BAD_VALUE, field="pictures", problem=gettext_noop("At most six pictures.")))
    wanted = list(dict.fromkeys(pictures))
    if Picture.objects.filter(pk__in=wanted, owner=f"merchant:{merchant_id}").count() != len(wanted):
        refusals.append(Refusal(NOT_YOURS, field="pictures"))
    refuse_all(refusals)
    if not text and not wanted:
        return None
    return {
        "event": event,
        "at": at.isoformat(),
        "entered_at": now.isoformat(),
        "by": actor.person_id,
        "note": text,
        "pictures": [str(picture) for picture in wanted],
    }
