"""A carrier whose parcels move by themselves, so that a whole purchase can be tried out in minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_noop

from wanku.flows.fulfilling.record_tracking import record_tracking
from wanku.fulfilment.add_events import Reported, TrackingCode
from wanku.fulfilment.carriers import SANDBOX
from wanku.fulfilment.models import Parcel
from wanku.fulfilment.states import SHIPPED

STEPS: Final = (
    (TrackingCode.PICKED_UP, timedelta(hours=2), gettext_noop("The parcel was picked up from the shop.")),
    (TrackingCode.IN_TRANSIT, timedelta(hours=10), gettext_noop("The parcel is on its way to your city.")),
    (TrackingCode.OUT_FOR_DELIVERY, timedelta(hours=30), gettext_noop("The courier is bringing the parcel.")),
    (TrackingCode.DELIVERED, timedelta(hours=34), gettext_noop("The parcel was handed over.")),
)
"""How long after shipping each step happens at a speed of one."""


def move_parcels(*, now: datetime, limit: int = 100) -> int:
    """Report every step that is due of the sandbox's parcels; returns how many parcels moved.

    ``settings.SANDBOX_SPEED`` is by how much time runs faster than in life. A parcel that was looked after by nobody
    for a while gets all its missed steps at once, each with the time at which it was due.
    """
    parcels = list(_due(now)[:limit])
    for parcel in parcels:
        record_tracking(SANDBOX, parcel.tracking, _steps_until(parcel, now), now=now)
    return len(parcels)


def _after(step: timedelta) -> timedelta:
    return step / settings.SANDBOX_SPEED


def _due(now: datetime) -> QuerySet[Parcel]:
    behind = Q()
    for index, (_, wait, _) in enumerate(STEPS):
        behind |= Q(steps=index, shipped_at__lte=now - _after(wait))
    moving = Parcel.objects.filter(carrier=SANDBOX, state=SHIPPED).annotate(steps=Count("events"))
    return moving.filter(behind).order_by("shipped_at", "pk")


def _steps_until(parcel: Parcel, now: datetime) -> Sequence[Reported]:
    """All steps up to now; known ones are harmless."""
    return [
        Reported(event_id=f"sandbox-{code}", code=code, at=parcel.shipped_at + _after(wait), text=text)
        for code, wait, text in STEPS
        if parcel.shipped_at + _after(wait) <= now
    ]
