"""The clock of refunds."""

from datetime import datetime

from wanku.flows.paying.send_refund import send_refund
from wanku.payments.models import Refund


def send_due_refunds(*, now: datetime, limit: int) -> int:
    """Bring every due refund one step further; returns how many were looked at."""
    due = list(Refund.objects.filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:limit])
    for refund_id in due:
        send_refund(refund_id, now=now)
    return len(due)
