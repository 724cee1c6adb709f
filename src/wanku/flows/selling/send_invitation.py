"""The letter of an invitation leaves."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from wanku.merchants.invitation_token import hash_of, token_of
from wanku.merchants.models import Invitation
from wanku.notices.letter import Letter
from wanku.notices.post import addressed, refused_for_good

log = logging.getLogger(__name__)
TRIES_MAX = 7


def send_invitation(invitation_id: int, *, write: Callable[[Invitation, str], Letter], now: datetime) -> None:
    """Send the letter of one invitation, outside any transaction; harmless when it was sent or is no longer open.

    The intent (one more try) is committed before the mail server hears of it, and the letter keeps its ``Message-ID``
    and its link on every try. An address that the server refuses for good is given up at once, everything else after
    `TRIES_MAX` tries, with the reason kept for the page of the staff.

    Args:
        write: words the letter around the token; the door brings it.

    Raises:
        Exception: what went wrong with a try that should be repeated later.
    """
    invitation = _claim(invitation_id, now)
    if invitation is None:
        return
    name = f"invitation-{invitation.pk}-{invitation.round}"
    try:
        letter = write(invitation, token_of(invitation.seed))
        addressed(letter, invitation.email, name=name, language=invitation.language).send()
    except Exception as error:
        if not refused_for_good(error) and invitation.tries < TRIES_MAX:
            raise
        log.warning("invitation %d: given up after %d tries (%s)", invitation.pk, invitation.tries, error)
        _end(invitation.pk, failed=f"{type(error).__name__}: {error}")
    else:
        _end(invitation.pk, sent_at=now)


def _claim(invitation_id: int, now: datetime) -> Invitation | None:
    """Commit the intent to send, and the hash of the token that is about to be sent.

    The hash differs from the one that the invitation was made with only when the secret key was changed since.
    """
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(no_key=True, of=("self",)).select_related("merchant").open(now)
        invitation = rows.filter(pk=invitation_id, sent_at=None, failed="").first()
        if invitation is None:
            return None
        invitation.tries += 1
        invitation.token_hash = hash_of(token_of(invitation.seed))
        invitation.save(update_fields=["tries", "token_hash"])
        return invitation


def _end(invitation_id: int, *, sent_at: datetime | None = None, failed: str = "") -> None:
    with transaction.atomic():
        row = Invitation.objects.select_for_update(no_key=True).get(pk=invitation_id)
        row.sent_at, row.failed = sent_at, failed[:200]
        row.save(update_fields=["sent_at", "failed"])
