"""An application is turned down, with the reason that the applicant reads."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Merchant


def decline_merchant(merchant_id: int, *, because: str, actor: Actor, now: datetime) -> None:
    """Decline an application. The applicant sees ``because`` and may apply again.

    Raises:
        Refusal: ``bad_value`` without a reason, ``not_allowed``, ``not_found``, ``wrong_state``.
    """
    require(actor, Permission.MERCHANTS_DECIDE)
    because = reason(because)
    with transaction.atomic():
        merchant = Merchant.objects.visible_to(actor).select_for_update(no_key=True).filter(pk=merchant_id).first()
        if merchant is None:
            raise Refusal(NOT_FOUND)
        move(merchant, "decline", by=actor.as_platform(), now=now, facts={"because": because})
        merchant.decided_because = because
        merchant.save(update_fields=["decided_because"])
        record(
            "decline_merchant",
            actor_id=actor.person_id,
            subject_type="merchant",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            because=because,
            now=now,
        )
