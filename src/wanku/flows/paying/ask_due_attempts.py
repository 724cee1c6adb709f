"""The clock of payment attempts: a notice that never comes is replaced by asking."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from wanku.audit.move import By, RowStep, move_rows
from wanku.audit.rules import current
from wanku.flows.paying.ask_channel import ask_channel
from wanku.flows.paying.close_attempt import close_attempt
from wanku.kernel.refusal import Refusal
from wanku.kernel.states import CLOCK
from wanku.payments.channel import ChannelDown
from wanku.payments.models import Attempt

WAIT_SECONDS_MAX = 3600
ASKED_MAX = 30_000
SILENCES_MAX = 3
"""Times that a channel may not answer before it is left alone for the rest of a turn."""
log = logging.getLogger(__name__)


class Open(NamedTuple):
    """A locked attempt whose clock ran out."""

    pk: UUID
    state: str
    trade_id: UUID
    gateway: str
    asked: int
    expires_at: datetime


def ask_due_attempts(*, now: datetime, limit: int) -> int:
    """Ask the channels about open attempts whose clock ran out, and close those that expired; returns how many.

    Any number of sweepers may run at once. One attempt that cannot be settled is logged and asked about again at its
    next clock; a channel that does not answer again and again is left alone for the rest of the turn.
    """
    due = _take(now, limit)
    down: Counter[str] = Counter()
    for attempt in due:
        if down[attempt.gateway] >= SILENCES_MAX:
            continue
        try:
            ask_channel(attempt.pk, now=now)
            if attempt.expires_at <= now:
                close_attempt(attempt.pk, now=now)
        except ChannelDown:
            down[attempt.gateway] += 1
        except Refusal as refusal:
            log.warning("payment attempt %s does not fit: %s", attempt.pk, refusal)
        except Exception:
            log.exception("payment attempt %s could not be settled", attempt.pk)
    return len(due)


def _take(now: datetime, limit: int) -> Sequence[Open]:
    """Set the next clocks before asking, so that no other sweeper asks too, and a crash only means asking again."""
    with transaction.atomic():
        free = Attempt.objects.filter(due_at__lte=now).order_by("due_at")
        free = free.select_for_update(no_key=True, skip_locked=True)
        due = [Open(*row) for row in free.values_list(*Open._fields)[:limit]]
        first = current()["attempt_query"]
        steps = [
            RowStep(
                attempt.pk,
                attempt.state,
                None,
                attempt.trade_id,
                due_at=now + timedelta(seconds=min(first * 2 ** min(attempt.asked, 10), WAIT_SECONDS_MAX)),
            )
            for attempt in due
        ]
        asked = [min(attempt.asked + 1, ASKED_MAX) for attempt in due]
        move_rows(Attempt, steps, "ask", by=By(CLOCK), now=now, each={"asked": asked})
    return due
