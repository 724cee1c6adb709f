"""A reader has seen notices."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.notices.mark_read import mark_read
from wanku.notices.queries import notices_of


def read_notices(ids: Collection[int] | None, *, actor: Actor, now: datetime, platform: bool = False) -> int:
    """Mark some of the actor's own notices read, or all with None. Others' are not touched and not betrayed.

    Args:
        platform: those of the platform desk, for its staff.

    Returns:
        how many were unread before.
    """
    with transaction.atomic():
        return mark_read(notices_of(actor, platform=platform), ids, now=now)
