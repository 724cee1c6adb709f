"""Each day the calendars of people reach one day further."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from wanku.kinds.visit.models import Absence, Opening, SpecialDay, Worker
from wanku.kinds.visit.quarters import open_quarters

EVERY: Final = timedelta(hours=12)
"""Twice a day, so that a sweep that comes late leaves no gap: calendars are opened two days further than is offered."""
KEPT: Final = timedelta(days=7)
"""Days off and single days that are over are forgotten after a week."""


def open_visit_hours(*, now: datetime, limit: int = 100) -> int:
    """Open the quarters that came within reach, of people whose turn it is.

    Returns:
        how many people it was.
    """
    with transaction.atomic():
        due = Worker.objects.filter(is_active=True).exclude(
            pk__in=Opening.objects.filter(at__gt=now - EVERY).values("worker_id")
        )
        ids = sorted(due.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)[:limit])
        if not ids:
            return 0
        open_quarters(Worker.objects.filter(pk__in=ids).select_related("merchant"), by_id=None, now=now)
        rows = [Opening(worker_id=pk, at=now) for pk in ids]
        Opening.objects.bulk_create(rows, update_conflicts=True, unique_fields=["worker_id"], update_fields=["at"])
        past = (now - KEPT).date()
        SpecialDay.objects.filter(worker_id__in=ids, day__lt=past).delete()
        mine = Q(worker_id__in=ids) | Q(worker=None, merchant__in=Worker.objects.filter(pk__in=ids).values("merchant"))
        Absence.objects.filter(mine, last__lt=past).delete()
    return len(ids)
