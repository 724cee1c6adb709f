"""Privileged acts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wanku.audit.models import Act


def record(
    verb: str,
    *,
    actor_id: int | None,
    subject_type: str,
    subject_id: object,
    now: datetime,
    merchant_id: int | None = None,
    because: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Act:
    """Write one line of the audit trail, in the same transaction as the act."""
    return Act.objects.create(
        verb=verb,
        actor_id=actor_id,
        merchant_id=merchant_id,
        subject_type=subject_type,
        subject_id=str(subject_id),
        because=because,
        facts=dict(facts or {}),
        at=now,
    )
