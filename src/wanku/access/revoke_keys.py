"""API keys that stop working."""

from datetime import datetime

from wanku.access.models import ApiKey


def revoke_keys_of(person_id: int, *, now: datetime) -> int:
    """Revoke every key of a person, inside the caller's transaction.

    Returns:
        how many were in force.
    """
    return ApiKey.objects.filter(person_id=person_id, revoked_at=None).update(revoked_at=now)
