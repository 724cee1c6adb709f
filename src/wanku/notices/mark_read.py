"""Notices become read."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from wanku.notices.models import Notice


def mark_read(notices: QuerySet[Notice], ids: Collection[int] | None, *, now: datetime) -> int:
    """Mark some of the reader's notices read, or all of them; returns how many were not read before."""
    unread = notices.filter(read_at=None).order_by()
    if ids is not None:
        unread = unread.filter(pk__in=ids)
    return unread.update(read_at=now)
