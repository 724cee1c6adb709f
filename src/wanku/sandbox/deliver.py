"""The bank tells the shop, and tells it again until it is heard."""

from datetime import datetime, timedelta

import httpx
from django.db import transaction

from wanku.payments.gateways.sandbox.signing import HEADER, sign
from wanku.sandbox.bank import settle_late
from wanku.sandbox.models import BankNotice

LADDER_SECONDS = (2, 5, 15, 60, 300, 1800)
TIMEOUT_SECONDS = 5.0
transport: httpx.BaseTransport | None = None
"""Carries the notices; tests put their own here."""


def deliver_due(*, now: datetime, limit: int = 100) -> int:
    """Deliver what is due, each outside any transaction; returns how many were tried."""
    settle_late(now)
    due = _take(now, limit)
    for notice in due:
        body = notice.body.encode()
        headers = {HEADER: sign(body, now), "Content-Type": "application/json"}
        try:
            with httpx.Client(transport=transport, timeout=TIMEOUT_SECONDS) as client:
                heard = client.post(notice.url, content=body, headers=headers).status_code in (200, 204)
        except httpx.HTTPError:
            heard = False
        if heard:
            BankNotice.objects.filter(pk=notice.pk).update(next_at=None, acknowledged_at=now)
    return len(due)


def _take(now: datetime, limit: int) -> list[BankNotice]:
    """Set the next try before the call, so that a crash only means telling it again."""
    with transaction.atomic():
        due = list(
            BankNotice.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(next_at__lte=now)
            .order_by("next_at")[:limit]
        )
        for notice in due:
            more = notice.tries < len(LADDER_SECONDS)
            notice.next_at = now + timedelta(seconds=LADDER_SECONDS[notice.tries]) if more else None
            notice.tries += 1
            notice.save(update_fields=["next_at", "tries"])
    return due
