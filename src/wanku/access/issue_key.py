"""Making and ending keys for integrators."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from wanku.access.models import ApiKey

MARK: Final = "wk_"
PREFIX_LENGTH: Final = 12


def key_hash(secret: str) -> bytes:
    """What is stored of a key. A plain digest is enough: a key has 240 random bits, so nobody can try them all."""
    return hashlib.sha256(secret.encode()).digest()


def issue_key(
    *, person_id: int, merchant_id: int | None, name: str, scopes: Sequence[str], now: datetime
) -> tuple[ApiKey, str]:
    """Store a new key.

    Returns:
        the row and the key itself, which is shown once and cannot be read again.
    """
    secret = MARK + secrets.token_urlsafe(30)
    row = ApiKey.objects.create(
        person_id=person_id,
        merchant_id=merchant_id,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        key_hash=key_hash(secret),
        scopes=sorted(scopes),
        created_at=now,
    )
    return row, secret


def revoke_key(row: ApiKey, *, now: datetime) -> None:
    """End a key; a second time changes nothing."""
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
