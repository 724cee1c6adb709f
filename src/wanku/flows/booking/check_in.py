"""The buyer shows a code, and the merchant's people let them in."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.access.count_guess import count_guess, guessed_too_often
from wanku.flows.booking._conclude import conclude, use_up
from wanku.flows.booking._hold import hold_at_desk, step
from wanku.flows.booking._words import NOT_PART, not_before
from wanku.fulfilment.booking_states import EARLY
from wanku.fulfilment.codes import clean_code
from wanku.fulfilment.models import Booking
from wanku.kernel.refusal import NOT_FOUND, TOO_OFTEN, Code, Refusal, gettext_noop
from wanku.kinds.course import STARTED

SCOPE: Final = "check_in"
LIMIT: Final = 30
PER: Final = timedelta(minutes=15)
"""Wrong codes that one person at a desk may enter in this time; after that the right ones do not help either."""
WRONG_CODE = Code(
    "wrong_code", gettext_noop("No booking of this shop has this code. Please compare the digits once more."), 422
)


def check_in(code: str, *, actor: Actor, now: datetime) -> UUID:
    """Begin the booking of a code: only at the desk of the merchant with whom it was booked.

    Kinds that have no step between coming and going are done with it (an entrance ticket).

    Args:
        code: as it was typed or scanned; blanks do not matter.

    Returns:
        the order's id.

    Raises:
        Refusal: ``not_found`` away from a desk, ``sign_in``, ``not_allowed``; ``wrong_code``, and ``too_often`` after
            many of them; ``not_part_of_course``; ``booking_too_early``; ``wrong_state`` when it was used already.
    """
    if actor.merchant_id is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.ORDERS_FULFIL, actor.merchant_id)
    subject = f"{actor.merchant_id}:{actor.person_id}"
    again = guessed_too_often(SCOPE, subject, limit=LIMIT, per=PER, now=now)
    if again is not None:
        raise Refusal(TOO_OFTEN, field="code", at=again)
    digits = clean_code(code)
    found = Booking.objects.filter(merchant_id=actor.merchant_id, code=digits).first() if digits else None
    if found is None:
        with transaction.atomic():
            count_guess(SCOPE, subject, limit=LIMIT, per=PER, now=now)
        raise Refusal(WRONG_CODE, field="code")
    with transaction.atomic():
        held = hold_at_desk(found.order_id, actor)
        course = held.kind.course
        if not course.by_code:
            raise Refusal(NOT_PART, field="code")
        if held.booking.starts_at is not None:
            not_before(held.booking.starts_at - EARLY, now)
        by = actor.as_merchant()
        if STARTED not in course.states:
            conclude(held, "finish", by=by, at=now, now=now, because="code")
            return found.order_id
        step(held, "start", by=by, now=now, because="code")
        held.booking.started_at = now
        held.booking.save(update_fields=["started_at"])
        use_up(held)
    return found.order_id
