"""Places in line that ended long ago."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from wanku.waiting_room.models import Ticket
from wanku.waiting_room.states import OPEN

KEPT: Final = timedelta(days=30)
"""So long somebody may still ask why they were not let in; the moves tell it for ever."""


def forget_tickets(*, now: datetime, limit: int) -> int:
    """Drop up to ``limit`` ended places, the oldest first; how many were dropped.

    Ids follow the order of arrival and nobody waits for weeks, so the oldest ids are the ones to drop and the key's
    own index finds them.
    """
    with transaction.atomic():
        first = Ticket.objects.order_by("pk").select_for_update(no_key=True, skip_locked=True)[:limit]
        old = [t.pk for t in first if t.state not in OPEN and t.joined_at < now - KEPT]
        Ticket.objects.filter(pk__in=old).delete()
    return len(old)
