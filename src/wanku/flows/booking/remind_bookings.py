"""Who should not forget is reminded once: the merchant of what waits to be accepted, the buyer of tomorrow."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet, Value

from wanku.audit.move import By, note
from wanku.audit.rules import current
from wanku.fulfilment.models import Booking
from wanku.kernel.states import CLOCK
from wanku.kinds.course import ACCEPTED, TO_ACCEPT


def remind_bookings(*, now: datetime, limit: int = 200) -> int:
    """Remind the merchant when half of the time to accept is over, and the buyer before the start (rule
    ``booking_reminder``); each once. Who booked later than that needs no reminder. Any number of sweepers may run.

    Returns:
        how many were reminded.
    """
    ahead = timedelta(seconds=current()["booking_reminder"])
    # As long again as it has waited: past its clock means that half is over.
    waited = Value(now, DateTimeField()) - F("begun_at")
    again = ExpressionWrapper(F("due_at") - waited, DateTimeField())
    waiting = Booking.objects.filter(state=TO_ACCEPT, reminded_at=None, due_at__gt=now).annotate(again=again)
    soon = Booking.objects.filter(state=ACCEPTED, reminded_at=None, starts_at__gt=now, starts_at__lte=now + ahead)
    with transaction.atomic():
        found = list(_free(waiting.filter(again__lte=now), limit))
        found += list(_free(soon.filter(begun_at__lt=F("starts_at") - ahead), limit))
        for booking in found:
            facts = {"order": str(booking.order_id)}
            event = "remind_merchant" if booking.state == TO_ACCEPT else "remind_buyer"
            note(booking, event, by=By(CLOCK), now=now, facts=facts)
        Booking.objects.filter(pk__in=[booking.pk for booking in found]).update(reminded_at=now)
        return len(found)


def _free(bookings: QuerySet[Booking], limit: int) -> QuerySet[Booking]:
    """Locked, without those that another sweeper or a person holds."""
    locked = bookings.select_related("order").select_for_update(no_key=True, skip_locked=True, of=("self",))
    return locked.order_by("starts_at", "pk")[:limit]
