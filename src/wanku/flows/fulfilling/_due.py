"""How a clock that ran out is acted on: in batches, by any number of sweepers, one bad row by itself."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from wanku.audit.models import Stateful

T = TypeVar("T", bound=Stateful)
log = logging.getLogger(__name__)
PUT_OFF = timedelta(minutes=10)
"""When a row that could not be processed is tried again; until then it does not stand in the way of others."""


def act_on_due(rows: QuerySet[T], act: Callable[[T], object], *, now: datetime, limit: int) -> int:
    """Lock due rows that no other sweeper holds, and act on each in a savepoint, all in one transaction.

    A row whose act raises is left as it was, logged, and put off; its neighbours are not harmed.

    Returns:
        how many were acted on.
    """
    done = 0
    with transaction.atomic():
        due = rows.filter(due_at__lte=now).order_by("due_at", "pk")
        for row in due.select_for_update(skip_locked=True, of=("self",))[:limit]:
            try:
                with transaction.atomic():
                    act(row)
                done += 1
            except Exception:
                # Whatever is wrong with this row must not stop the clocks of others.
                log.exception("clock of %s %s failed; put off", row.MACHINE.name, row.pk)
                rows.filter(pk=row.pk).update(due_at=now + PUT_OFF)
    return done
