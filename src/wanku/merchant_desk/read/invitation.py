"""An invitation by the token in its link."""

import hashlib
from datetime import datetime

from wanku.merchants.models import Invitation


def open_invitation(token: str, now: datetime) -> Invitation | None:
    """The invitation that a link opens, while it can still be accepted."""
    rows = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    return rows.select_related("merchant").filter(token_hash=hashlib.sha256(token.encode()).digest()).first()
