"""Offer somebody a seat at a desk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.audit.rules import due
from wanku.kernel.queue import leave
from wanku.kernel.refusal import BAD_VALUE, SIGN_IN, Refusal, gettext_noop
from wanku.kernel.text import clean, mask_email
from wanku.merchants.details import BAD_EMAIL
from wanku.merchants.invitation_token import hash_of, token_of
from wanku.merchants.models import Invitation, Merchant, Staff, StaffRole
from wanku.merchants.refusals import ALREADY_INVITED, ALREADY_STAFF
from wanku.people.models import Person

SEND_INVITATION = "send_invitation"
"""Name of the task that sends the letter."""
OPEN_MAX = 50
UNKNOWN_ROLE = gettext_noop("Choose one of the roles.")
TOO_MANY = gettext_noop("There are already 50 open invitations; withdraw some first.")


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with its token, of which the database keeps the hash alone.

    Attributes:
        token: goes into the link; the door shows it once, for those whom no mail reaches.
    """

    invitation: Invitation
    token: str


def invite_staff(
    merchant_id: int, *, email: str, role: str, actor: Actor, now: datetime, language: str = "zh-hans"
) -> Invited:
    """Make an invitation that lasts as long as the rule ``invitation`` says (seven days), and leave its letter to send.

    Args:
        language: of the letter; best guess is that of who invites.

    Raises:
        Refusal: ``not_allowed``; ``bad_value`` for e-mail or role; ``already_staff``; ``already_invited``.
    """
    require(actor, Permission.STAFF_EDIT, merchant_id)
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    address = clean(email).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal(BAD_VALUE, field="email", problem=BAD_EMAIL) from None
    if role not in StaffRole.values:
        raise Refusal(BAD_VALUE, field="role", problem=UNKNOWN_ROLE)
    seed = uuid4()
    token = token_of(seed)
    with transaction.atomic():
        # The merchant's row is the queue: two people who invite the same address at once wait for each other.
        Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        person = Person.objects.filter(email=address).first()
        if person is not None and Staff.objects.filter(merchant_id=merchant_id, person=person).exists():
            raise Refusal(ALREADY_STAFF, field="email")
        waiting = Invitation.objects.open(now).filter(merchant_id=merchant_id)
        if waiting.filter(email=address).exists():
            raise Refusal(ALREADY_INVITED, field="email")
        if waiting.count() >= OPEN_MAX:
            raise Refusal(BAD_VALUE, field="email", problem=TOO_MANY)
        invitation = Invitation.objects.create(
            merchant_id=merchant_id,
            email=address,
            role=role,
            seed=seed,
            token_hash=hash_of(token),
            language=language,
            invited_by=actor.person_id,
            expires_at=due("invitation", now),
        )
        record(
            "invite_staff",
            actor_id=actor.person_id,
            subject_type="invitation",
            subject_id=invitation.pk,
            merchant_id=merchant_id,
            facts={"role": role, "email": mask_email(address)},
            now=now,
        )
        leave(SEND_INVITATION, lock=f"invitation:{invitation.pk}", invitation_id=invitation.pk)
    return Invited(invitation, token)
