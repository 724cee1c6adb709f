"""One effect per request key."""

import hashlib
import json
from datetime import datetime
from typing import Any

from wanku.kernel.models import RequestKey
from wanku.kernel.refusal import KEY_REUSED, Refusal


def digest(body: Any) -> bytes:
    """Fingerprint of a request body, the same for the same meaning (keys sorted)."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), default=str).encode()).digest()


def claim(*, scope: str, key: str, body: Any, now: datetime) -> RequestKey:
    """Take a key inside the caller's transaction, waiting for whoever holds it.

    Returns:
        the row; ``status`` is set when the request was answered before, and then ``answer`` is that answer.

    Raises:
        Refusal: ``request_key_reused`` when the key was used for another body.
    """
    fingerprint = digest(body)
    RequestKey.objects.bulk_create(
        [RequestKey(scope=scope, key=key, body_hash=fingerprint, at=now)], ignore_conflicts=True
    )
    row = RequestKey.objects.select_for_update(no_key=True).get(scope=scope, key=key)
    if bytes(row.body_hash) != fingerprint:
        raise Refusal(KEY_REUSED, field="Idempotency-Key")
    return row


def remember(row: RequestKey, *, status: int, answer: Any) -> None:
    """Keep the answer of a claimed request, in the same transaction as its effect."""
    row.status = status
    row.answer = answer
    row.save(update_fields=["status", "answer"])
