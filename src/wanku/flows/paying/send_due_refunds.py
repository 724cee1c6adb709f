"""The clock of refunds."""

import logging
from datetime import datetime

from wanku.flows.paying._refund import send, take
from wanku.payments.models import Refund

log = logging.getLogger(__name__)


def send_due_refunds(*, now: datetime, limit: int) -> int:
    """Bring every due refund one step further; returns how many were looked at.

    Any number of sweepers may run at once. One that cannot be sent is logged and looked at again at its next clock,
    which is set before anything is sent.
    """
    due = take(Refund.objects.filter(due_at__lte=now), now, limit)
    for taken in due:
        try:
            send(taken, now)
        except Exception:
            log.exception("refund %s could not be sent", taken.refund.pk)
    return len(due)
