"""Places in line that ended long ago."""

from datetime import datetime, timedelta
from typing import Final

from wanku.waiting_room.models import Ticket
from wanku.waiting_room.states import OPEN

KEPT: Final = timedelta(days=30)
"""So long somebody may still ask why they were not let in; the moves tell it for ever."""


def forget_tickets(*, now: datetime, limit: int) -> int:
    """Drop up to ``limit`` ended places, the oldest first; how many were dropped.

    Ids follow the order of arrival and nobody waits for weeks, so the oldest ids are the ones to drop and the key's
    own index finds them. Nothing is locked: who is first in a line that moves now must not be passed over for us, and
    a place that ended stays so.
    """
    first = Ticket.objects.order_by("pk").values_list("pk", "state", "joined_at")[:limit]
    old = [pk for pk, state, joined_at in first if state not in OPEN and joined_at < now - KEPT]
    return Ticket.objects.filter(pk__in=old).delete()[0]
