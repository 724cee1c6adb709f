"""Request keys that nobody will repeat any more."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from wanku.kernel.models import RequestKey

KEPT: Final = timedelta(days=3)
"""A program that retries for longer than a weekend has a fault of another kind."""


def forget_keys(*, now: datetime, limit: int) -> int:
    """Drop up to ``limit`` old keys with their answers; how many were dropped."""
    with transaction.atomic():
        old = RequestKey.objects.filter(at__lt=now - KEPT).order_by("at")
        keys = list(old.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)[:limit])
        RequestKey.objects.filter(pk__in=keys).delete()
    return len(keys)
