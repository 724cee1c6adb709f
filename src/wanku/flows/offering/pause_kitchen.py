"""A kitchen that cannot take more for a while."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.audit.record import record
from wanku.flows.offering._kitchen import hold_kitchen
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kinds.meal.models import Kitchen

PAUSE_MAX: Final = timedelta(hours=24)


def pause_kitchen(merchant_id: int, minutes: int, *, actor: Actor, now: datetime) -> Kitchen:
    """Take no food to be ready before so many minutes from now; 0 goes on at once. It goes on by itself afterwards.

    What was ordered stands. Who fulfils orders may do this.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``, ``no_menu``; ``bad_value`` beyond a day.
    """
    with transaction.atomic():
        kitchen = hold_kitchen(merchant_id, actor, Permission.ORDERS_FULFIL)
        if not 0 <= minutes <= PAUSE_MAX.total_seconds() / 60:
            raise Refusal(BAD_VALUE, field="minutes", problem=gettext_noop("From 0 minutes to a day."))
        kitchen.paused_until = now + timedelta(minutes=minutes) if minutes else None
        kitchen.save(update_fields=["paused_until"])
        record(
            "pause_kitchen",
            actor_id=actor.person_id,
            subject_type="kitchen",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            facts={"minutes": minutes},
            now=now,
        )
    return kitchen
