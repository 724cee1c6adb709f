"""The clock of payment attempts: a notice that never comes is replaced by asking."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from wanku.audit.move import By, move
from wanku.audit.rules import current
from wanku.flows.paying.ask_channel import ask_channel
from wanku.flows.paying.close_attempt import close_attempt
from wanku.kernel.states import CLOCK
from wanku.payments.channel import ChannelDown
from wanku.payments.models import Attempt

WAIT_SECONDS_MAX = 3600


def ask_due_attempts(*, now: datetime, limit: int) -> int:
    """Ask the channels about open attempts whose clock ran out, and close those that expired; returns how many."""
    due = list(Attempt.objects.filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:limit])
    for attempt_id in due:
        expired = _rearm(attempt_id, now)
        if expired is None:
            continue
        try:
            ask_channel(attempt_id, now=now)
            if expired:
                close_attempt(attempt_id, now=now)
        except ChannelDown:
            continue
    return len(due)


def _rearm(attempt_id: UUID, now: datetime) -> bool | None:
    """Set the next clock before asking, so that a crash only means asking again; none when somebody else has it."""
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(pk=attempt_id, due_at__lte=now)
            .first()
        )
        if attempt is None:
            return None
        seconds = min(current()["attempt_query"] * 2 ** min(attempt.asked, 10), WAIT_SECONDS_MAX)
        attempt.asked = min(attempt.asked + 1, 30_000)
        attempt.save(update_fields=["asked"])
        move(attempt, "ask", by=By(CLOCK), now=now, due_at=now + timedelta(seconds=seconds))
        return attempt.expires_at <= now
