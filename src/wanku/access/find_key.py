"""From a key that a request carries to the row that stands behind it."""

from datetime import datetime, timedelta
from typing import Final

from wanku.access.issue_key import MARK, key_hash
from wanku.access.models import ApiKey

TOUCH_EVERY: Final = timedelta(minutes=5)
"""How exact "last used" is: a write for each request would cost more than the knowledge is worth."""
LENGTH_MAX: Final = 100


def find_key(secret: str, *, now: datetime) -> ApiKey | None:
    """The living key of an active person, or None. Notes that it was used, at most once in five minutes."""
    if not secret.startswith(MARK) or len(secret) > LENGTH_MAX or not secret.isascii():
        return None
    row = ApiKey.objects.select_related("person").filter(key_hash=key_hash(secret), revoked_at=None).first()
    if row is None or not row.person.is_active:
        return None
    if row.last_used_at is None or now - row.last_used_at > TOUCH_EVERY:
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return row
