"""How a clock that ran out is acted on: in batches, by any number of sweepers, one bad row by itself."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from wanku.audit.models import Stateful

T = TypeVar("T", bound=Stateful)
log = logging.getLogger(__name__)
PUT_OFF = timedelta(minutes=10)
"""When a row that could not be processed is tried again; until then it does not stand in the way of others."""


def act_on_due(rows: QuerySet[T], act: Callable[[Sequence[T]], object], *, now: datetime, limit: int) -> int:
    """Lock due rows that no other sweeper holds, and act on all of them in one transaction.

    When that raises, each row is tried by itself: the one that is to blame is left as it was, logged, and put off;
    its neighbours are not harmed.

    Returns:
        how many were acted on.
    """
    with transaction.atomic():
        due = rows.filter(due_at__lte=now).order_by("due_at", "pk")
        locked = list(due.select_for_update(no_key=True, skip_locked=True, of=("self",))[:limit])
        if not locked:
            return 0
        try:
            with transaction.atomic():
                act(locked)
            return len(locked)
        except Exception:
            log.exception("%d due clocks failed together; each is tried by itself", len(locked))
        # The objects carry what was rolled back: read them anew, the locks are held.
        return sum(_act_on_one(rows, act, row.pk, now) for row in locked)


def _act_on_one(rows: QuerySet[T], act: Callable[[Sequence[T]], object], pk: object, now: datetime) -> bool:
    try:
        with transaction.atomic():
            act([rows.get(pk=pk)])
        return True
    except Exception:
        log.exception("clock of %s %s failed; put off", rows.model.MACHINE.name, pk)
        rows.filter(pk=pk).update(due_at=now + PUT_OFF)
        return False
