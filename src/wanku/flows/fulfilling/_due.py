"""How a clock that ran out is acted on: in batches, by any number of sweepers, one bad row by itself."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet

from wanku.audit.models import Stateful

R = TypeVar("R", bound=tuple[Any, ...])
T = TypeVar("T", bound=Stateful)
log = logging.getLogger(__name__)
PUT_OFF: Final = timedelta(minutes=10)
"""When a row that could not be processed is tried again; until then it does not stand in the way of others."""


def act_on_due(
    rows: QuerySet[T], make: Callable[..., R], act: Callable[[Sequence[R]], object], *, now: datetime, limit: int
) -> int:
    """Lock rows that no other sweeper holds, the longest due first, and act on all of them in one transaction.

    When that raises, each row is tried by itself: the one that is to blame is left as it was, logged, and its clock is
    put off, so that it is not taken again at once; its neighbours are not harmed.

    Args:
        rows: those that are due.
        make: a named tuple, made of the columns that it names; the first is ``pk``.

    Returns:
        how many were acted on.
    """
    with transaction.atomic():
        # Nothing is waited for here, so the order of locking does not matter; sorting by a second column would cost a
        # sort of everything that became due at the same moment.
        free = rows.order_by("due_at").select_for_update(no_key=True, skip_locked=True)
        names: tuple[str, ...] = getattr(make, "_fields")  # noqa: B009 - of named tuples
        locked = [make(*row) for row in free.values_list(*names)[:limit]]
        if not locked:
            return 0
        try:
            _act(act, locked)
            return len(locked)
        except Exception:
            log.exception("%d due clocks failed together; each is tried by itself", len(locked))
        return sum(_act_on_one(rows, act, row, now) for row in locked)


def _act(act: Callable[[Sequence[R]], object], rows: Sequence[R]) -> None:
    with transaction.atomic():
        act(rows)
        # What the database checks at the end must show here, where it can still be told whose fault it is.
        connection.check_constraints()


def _act_on_one(rows: QuerySet[T], act: Callable[[Sequence[R]], object], row: R, now: datetime) -> bool:
    try:
        _act(act, [row])
        return True
    except Exception:
        log.exception("clock of %s %s failed; put off", rows.model.MACHINE.name, row[0])
        rows.filter(pk=row[0]).update(due_at=now + PUT_OFF)
        return False
