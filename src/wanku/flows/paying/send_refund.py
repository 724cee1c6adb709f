"""Sending a refund to the channel, and asking about it until it is settled."""

from datetime import datetime
from uuid import UUID

from wanku.flows.paying._refund import send, take
from wanku.payments.models import Refund


def send_refund(refund_id: UUID, *, now: datetime) -> None:
    """Bring a due refund one step further. Safe to call at any time, by many at once, and after a crash.

    The intent is committed before the channel is called and nothing is locked meanwhile; the same number goes out
    on every retry, so the channel pays once. An unknown outcome is settled by asking. After the last try the
    refund is finance's.
    """
    for taken in take(Refund.objects.filter(pk=refund_id, due_at__lte=now), now, 1):
        send(taken, now)
