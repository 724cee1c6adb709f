"""When merchants are settled."""

from collections.abc import Mapping
from datetime import datetime

from wanku.settlement.models import Period, Plan
from wanku.settlement.rules import period_ends


def begin_plans(zones: Mapping[int, str], *, now: datetime) -> None:
    """Settle these merchants (with their time zones) from now on, daily; those that have a plan keep it."""
    known = set(Plan.objects.filter(merchant__in=zones).values_list("merchant_id", flat=True))
    rows = [
        Plan(merchant_id=pk, since=now, due_at=period_ends(now, period=Period.DAILY, zone=zone))
        for pk, zone in sorted(zones.items())
        if pk not in known
    ]
    Plan.objects.bulk_create(rows, ignore_conflicts=True)


def settle_soon(merchant_id: int, zone: str, *, now: datetime) -> None:
    """At the next midnight, whatever the plan says: money that came back is not kept for a week."""
    soon = period_ends(now, period=Period.DAILY, zone=zone)
    Plan.objects.filter(merchant_id=merchant_id, due_at__gt=soon).update(due_at=soon)
