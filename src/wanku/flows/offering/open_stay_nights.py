"""Each day the calendars of houses reach one day further."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from wanku.kinds.stay.models import Night, Property, RoomType, Season
from wanku.kinds.stay.open_nights import nights_ahead, open_nights

EVERY: Final = timedelta(hours=12)
KEPT: Final = timedelta(days=7)
"""Special nights and seasons that are over are forgotten after a week: orders keep their own prices."""


def open_stay_nights(*, now: datetime, limit: int = 100) -> int:
    """Open the nights that came within reach, of houses whose turn it is.

    Returns:
        how many houses it was.
    """
    with transaction.atomic():
        due = Property.objects.filter(Q(opened_at=None) | Q(opened_at__lte=now - EVERY))
        houses = list(due.select_for_update(no_key=True, skip_locked=True).order_by("pk")[:limit])
        rooms: dict[int, list[RoomType]] = {}
        for room in RoomType.objects.filter(property__in=houses, is_active=True).order_by("pk"):
            rooms.setdefault(room.property_id, []).append(room)
        for house in houses:
            open_nights(rooms.get(house.pk, []), nights_ahead(house, now=now), by_id=None, now=now)
        ids = [house.pk for house in houses]
        Property.objects.filter(pk__in=ids).update(opened_at=now)
        past = (now - KEPT).date()
        Night.objects.filter(room__property_id__in=ids, date__lt=past).delete()
        Season.objects.filter(room__property_id__in=ids, last__lt=past).delete()
    return len(ids)
