"""The clock of places in line: silence gives them to the next."""

from datetime import datetime

from django.db import transaction

from wanku.audit.move import By, RowStep, move_rows
from wanku.kernel.states import CLOCK
from wanku.waiting_room.models import Ticket


def lapse_tickets(*, now: datetime, limit: int) -> int:
    """End passes that nobody used in time and places that were kept too long; returns how many."""
    with transaction.atomic():
        due = Ticket.objects.select_for_update(no_key=True, skip_locked=True).filter(due_at__lte=now)
        rows = list(due.order_by("due_at").values_list("pk", "state")[:limit])
        steps = [RowStep(key, state, None, None) for key, state in rows]
        move_rows(Ticket, steps, "lapse", by=By(CLOCK), now=now)
    return len(rows)
