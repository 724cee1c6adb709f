"""What a shop's calendars need when its clock changes."""

from datetime import datetime

from wanku.flows.offering._kitchen import open_days
from wanku.kinds.meal.models import Kitchen
from wanku.kinds.visit.models import Worker
from wanku.kinds.visit.quarters import open_quarters


def open_calendars(merchant_id: int, *, by_id: int | None, now: datetime) -> None:
    """Make the counters that the hours of its people and its kitchen lack, in the caller's transaction.

    Houses and departures have zones of their own.
    """
    open_quarters(Worker.objects.filter(merchant_id=merchant_id).select_related("merchant"), by_id=by_id, now=now)
    for kitchen in Kitchen.objects.filter(pk=merchant_id):
        open_days(kitchen, by_id=by_id, now=now)
