"""Moves are the outbox: what happened becomes notices for those whom it concerns."""

import logging
from datetime import datetime

from django.db import transaction

from wanku.audit.models import Move
from wanku.flows.talking._messages import messages_of, read_subjects
from wanku.notices.tell import Message, tell

log = logging.getLogger(__name__)
PAGES_MAX = 20


def tell_moves(*, now: datetime, limit: int = 200) -> int:
    """Write the notices of moves that were not told yet, and mark those moves as sent, in one transaction per batch.

    Any number of sweepers may run at once. A move that cannot be told is logged and stays unsent for the next time;
    those behind it are told all the same.

    Returns:
        how many moves were dealt with.
    """
    after = 0
    for _ in range(PAGES_MAX):
        told, last = _tell_batch(after, now, limit)
        if told or last is None:
            return told
        # A whole batch of moves that cannot be told: look behind it.
        after = last
    return 0


def _tell_batch(after: int, now: datetime, limit: int) -> tuple[int, int | None]:
    with transaction.atomic():
        unsent = Move.objects.select_for_update(no_key=True, skip_locked=True).filter(sent_at=None, pk__gt=after)
        moves = list(unsent.order_by("pk")[:limit])
        found = read_subjects(moves)
        messages: list[Message] = []
        told: list[int] = []
        for move in moves:
            try:
                messages += messages_of(move, found)
                told.append(move.pk)
            except Exception:
                log.exception("move %d (%s %s) cannot be told", move.pk, move.subject_type, move.event)
        tell(messages, now=now)
        Move.objects.filter(pk__in=told).update(sent_at=now)
        return len(told), moves[-1].pk if moves else None
