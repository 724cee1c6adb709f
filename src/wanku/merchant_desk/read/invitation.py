"""An invitation by the token in its link."""

from datetime import datetime

from wanku.merchants.invitation_token import hash_of
from wanku.merchants.models import Invitation


def open_invitation(token: str, now: datetime) -> Invitation | None:
    """The invitation that a link opens, while it can still be accepted."""
    return Invitation.objects.open(now).select_related("merchant").filter(token_hash=hash_of(token)).first()
