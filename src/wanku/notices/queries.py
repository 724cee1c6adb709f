"""Reading notices."""

from django.db.models import QuerySet

from wanku.access.actor import Actor
from wanku.notices.models import Channel, Notice, Preference
from wanku.notices.tell import PLATFORM_READER

COUNTED_MAX = 99


def reader_of(actor: Actor) -> str | None:
    """As whom the actor reads: the desk that the request works at, else the person; a guest reads nowhere."""
    if actor.merchant_id is not None:
        return f"merchant:{actor.merchant_id}" if actor.merchant_id in actor.seats else None
    return f"person:{actor.person_id}" if actor.person_id is not None else None


def notices_of(actor: Actor, *, platform: bool = False) -> QuerySet[Notice]:
    """Notices in the app, newest first.

    Args:
        platform: those of the platform desk, for its staff, instead of the actor's own.
    """
    shown = Notice.objects.filter(channel=Channel.IN_APP).order_by("-created_at", "-pk")
    if platform:
        return shown.filter(reader=PLATFORM_READER) if actor.platform else shown.none()
    reader = reader_of(actor)
    return shown.filter(reader=reader) if reader else shown.none()


def unread_count(actor: Actor, *, platform: bool = False) -> int:
    """How many are unread, at most `COUNTED_MAX`: a bell has no room for more. One query, none for a guest."""
    if not platform and reader_of(actor) is None:
        return 0
    unread = notices_of(actor, platform=platform).filter(read_at=None).order_by()
    return unread[:COUNTED_MAX].count()


def wants_email(actor: Actor) -> bool:
    """Whether the reader gets notices by e-mail; yes unless they said otherwise."""
    reader = reader_of(actor)
    return not Preference.objects.filter(reader=reader, email=False).exists() if reader else True
