"""Taking a payment channel off, and on again."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.payments.accounts import forget
from wanku.payments.models import ChannelAccount


def switch_channel(gateway: str, *, on: bool, because: str, actor: Actor, now: datetime) -> None:
    """Offer the channel to buyers, or no longer. Its account stays: what is open settles, and refunds go back by it.

    Nothing new is opened by a channel that is off; other processes notice within seconds. Repeating changes nothing.

    Raises:
        Refusal: ``not_allowed``; ``not_found`` for a channel without an account; ``bad_value`` on ``because``.
    """
    require(actor, Permission.CHANNELS_EDIT)
    because = reason(because)
    with transaction.atomic():
        rows = ChannelAccount.objects.select_for_update(no_key=True).filter(gateway=gateway)
        row = rows.order_by("-at", "-pk").first()
        if row is None:
            raise Refusal(NOT_FOUND)
        if (row.off_at is None) is on:
            return
        row.off_at = None if on else now
        row.save(update_fields=["off_at"])
        record(
            "put_channel_on" if on else "take_channel_off",
            actor_id=actor.person_id,
            subject_type="channel_account",
            subject_id=row.pk,
            because=because,
            facts={"channel": gateway},
            now=now,
        )
    forget()
