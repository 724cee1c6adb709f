"""A shop opens."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Merchant


def approve_merchant(merchant_id: int, *, actor: Actor, now: datetime) -> None:
    """Let an applicant sell from now on.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, or ``wrong_state`` when the application was decided already.
    """
    require(actor, Permission.MERCHANTS_DECIDE)
    with transaction.atomic():
        merchant = Merchant.objects.visible_to(actor).select_for_update(no_key=True).filter(pk=merchant_id).first()
        if merchant is None:
            raise Refusal(NOT_FOUND)
        move(merchant, "approve", by=actor.as_platform(), now=now)
        merchant.decided_because = ""
        merchant.save(update_fields=["decided_because"])
        record(
            "approve_merchant",
            actor_id=actor.person_id,
            subject_type="merchant",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            now=now,
        )
