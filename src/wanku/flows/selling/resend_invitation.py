"""Send the letter of an invitation once more."""

from datetime import datetime, timedelta

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.flows.selling.invite_staff import SEND_INVITATION
from wanku.kernel.queue import leave
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Invitation
from wanku.merchants.refusals import INVITATION_ON_ITS_WAY, INVITATION_OVER

AGAIN_AFTER = timedelta(minutes=10)
"""Wait after a letter that left, so that nobody is flooded from a desk."""


def resend_invitation(merchant_id: int, invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Leave the letter of an open invitation to be sent again, with the same link; a failed one may go at once.

    Raises:
        Refusal: ``not_allowed``; ``not_found``; ``invitation_over``; ``invitation_on_its_way`` while it is being sent,
            or was sent less than `AGAIN_AFTER` ago.
    """
    require(actor, Permission.STAFF_EDIT, merchant_id)
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(no_key=True).filter(pk=invitation_id, merchant_id=merchant_id).first()
        )
        if invitation is None:
            raise Refusal(NOT_FOUND)
        if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= now:
            raise Refusal(INVITATION_OVER)
        if not invitation.failed and (invitation.sent_at is None or invitation.sent_at > now - AGAIN_AFTER):
            raise Refusal(INVITATION_ON_ITS_WAY)
        invitation.sent_at, invitation.failed, invitation.tries = None, "", 0
        invitation.round += 1
        invitation.save(update_fields=["sent_at", "failed", "tries", "round"])
        record(
            "resend_invitation",
            actor_id=actor.person_id,
            subject_type="invitation",
            subject_id=invitation_id,
            merchant_id=merchant_id,
            now=now,
        )
        leave(SEND_INVITATION, lock=f"invitation:{invitation_id}", invitation_id=invitation_id)
