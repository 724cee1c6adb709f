"""Every day one more day can be ordered for: its counters are made before anybody asks."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from wanku.flows.offering._kitchen import open_days
from wanku.kinds.meal.models import Kitchen


def open_kitchens(*, now: datetime, limit: int = 50) -> int:
    """Make the counters of the days ahead for kitchens that were not looked at today.

    Returns:
        how many kitchens were looked at.
    """
    today = now.date()
    with transaction.atomic():
        due = Kitchen.objects.select_for_update(no_key=True, skip_locked=True).filter(
            Q(opened_on__isnull=True) | Q(opened_on__lt=today)
        )
        kitchens = list(due.order_by("opened_on", "pk")[:limit])
        for kitchen in kitchens:
            open_days(kitchen, by_id=None, now=now)
            kitchen.opened_on = today
            kitchen.save(update_fields=["opened_on"])
    return len(kitchens)
