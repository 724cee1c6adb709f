"""The end of a channel's former account."""

from datetime import datetime
from typing import Final

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop
from wanku.payments.accounts import forget
from wanku.payments.models import ChannelAccount

CHANNEL_IN_USE: Final = Code(
    "channel_in_use", gettext_noop("This account is the one in use. Set the one that follows it first."), 409
)


def end_channel(account_id: int, *, because: str, actor: Actor, now: datetime) -> None:
    """Believe nothing any more that the channel signs for a former account. Repeating changes nothing.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``channel_in_use``, ``bad_value`` on ``because``.
    """
    require(actor, Permission.CHANNELS_EDIT)
    because = reason(because)
    with transaction.atomic():
        row = ChannelAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()
        if row is None:
            raise Refusal(NOT_FOUND)
        if not _is_followed(row):
            raise Refusal(CHANNEL_IN_USE)
        if row.until is not None:
            return
        row.until = now
        row.save(update_fields=["until"])
        record(
            "end_channel",
            actor_id=actor.person_id,
            subject_type="channel_account",
            subject_id=row.pk,
            because=because,
            facts={"channel": row.gateway},
            now=now,
        )
    forget()


def _is_followed(row: ChannelAccount) -> bool:
    newest = ChannelAccount.objects.filter(gateway=row.gateway).order_by("-at", "-pk").first()
    return newest is not None and newest.pk != row.pk
