"""Take the seat that an invitation offers."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.merchants.invitation_token import hash_of
from wanku.merchants.models import Invitation, Merchant, Staff
from wanku.merchants.refusals import ALREADY_STAFF, INVITATION_OVER


def accept_invitation(token: str, *, actor: Actor, now: datetime) -> Merchant:
    """Seat the signed-in person who holds the link; the link works once.

    The link itself is the proof: it went to the invited address. The account may use another one, since many people
    sign in by phone; who accepted is in the audit trail.

    Raises:
        Refusal: ``sign_in``; ``invitation_over`` when the link is unknown, used, withdrawn or too old;
            ``already_staff``.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(no_key=True, of=("self",))
            .select_related("merchant")
            .filter(token_hash=hash_of(token))
            .first()
        )
        if invitation is None or invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= now:
            raise Refusal(INVITATION_OVER)
        seat, made = Staff.objects.get_or_create(
            merchant_id=invitation.merchant_id,
            person_id=actor.person_id,
            defaults={"role": invitation.role, "since": now},
        )
        if not made:
            raise Refusal(ALREADY_STAFF)
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        record(
            "accept_invitation",
            actor_id=actor.person_id,
            subject_type="staff",
            subject_id=seat.pk,
            merchant_id=invitation.merchant_id,
            facts={"role": invitation.role, "invited_by": invitation.invited_by},
            now=now,
        )
    return invitation.merchant
