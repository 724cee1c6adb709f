"""When silence has its outcome in a state of a booking, as its kind says."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from wanku.audit.rules import current
from wanku.kinds.course import FROM_END, FROM_START, TO_ACCEPT, Course


class Times(Protocol):
    """When the promise is to be kept."""

    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...


def due_in(
    course: Course, state: str, times: Times, *, now: datetime, frozen: Mapping[str, int] | None = None
) -> datetime | None:
    """When the clock of ``state`` runs out, reached at ``now``; none where the kind gives it no clock.

    What is without a time counts from now. An answer comes before what it is about: the time to accept ends with the
    start at the latest.

    Args:
        frozen: clocks that the order was sold under, seconds by name; today's rule for those that are missing.
    """
    silence = course.silence.get(state)
    if silence is None:
        return None
    frozen = frozen or {}
    seconds = int(frozen[silence.clock]) if silence.clock in frozen else current()[silence.clock]
    since = {FROM_START: times.starts_at, FROM_END: times.ends_at or times.starts_at}.get(silence.since) or now
    due_at = since + timedelta(seconds=seconds)
    if state == TO_ACCEPT and times.starts_at is not None and times.starts_at > now:
        return min(due_at, times.starts_at)
    return due_at
