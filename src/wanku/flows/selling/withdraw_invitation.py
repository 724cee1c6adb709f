"""Take back an invitation that nobody has accepted yet."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Invitation
from wanku.merchants.refusals import INVITATION_OVER


def withdraw_invitation(merchant_id: int, invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Make the link of an invitation worthless. Withdrawing twice is harmless.

    Raises:
        Refusal: ``not_allowed``; ``not_found``; ``invitation_over`` when it was accepted already.
    """
    require(actor, Permission.STAFF_EDIT, merchant_id)
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(no_key=True).filter(pk=invitation_id, merchant_id=merchant_id).first()
        )
        if invitation is None:
            raise Refusal(NOT_FOUND)
        if invitation.accepted_at is not None:
            raise Refusal(INVITATION_OVER)
        if invitation.withdrawn_at is not None:
            return
        invitation.withdrawn_at = now
        invitation.save(update_fields=["withdrawn_at"])
        record(
            "withdraw_invitation",
            actor_id=actor.person_id,
            subject_type="invitation",
            subject_id=invitation_id,
            merchant_id=merchant_id,
            now=now,
        )
