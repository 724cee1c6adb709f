"""The rules in force: durations, and limits of what one person may do alone."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from wanku.audit.models import RuleVersion
from wanku.kernel import deadlines
from wanku.kernel.limits import LIMITS

DEFAULTS: Final[Mapping[str, int]] = {**deadlines.DEFAULTS, **LIMITS}
_KEEP_SECONDS = 5.0
_kept: list[tuple[float, Mapping[str, int]]] = []


def current() -> Mapping[str, int]:
    """Seconds and major units by name: the latest row of each rule over the default.

    Kept per process for a few seconds: a checkout must not pay a query for what changes once a month, and every
    order stores the deadline that it got.
    """
    if not _kept or time.monotonic() - _kept[0][0] > _KEEP_SECONDS:
        rows = RuleVersion.objects.order_by("name", "-at", "-id").distinct("name").values_list("name", "value")
        _kept[:] = [(time.monotonic(), {**DEFAULTS, **dict(rows)})]
    return _kept[0][1]


def latest(name: str) -> int:
    """The value in force, as the database has it now: for who changes it, and where a few seconds matter.

    Raises:
        KeyError: there is no such rule.
    """
    default = DEFAULTS[name]
    row = RuleVersion.objects.filter(name=name).order_by("-at", "-id").values_list("value", flat=True).first()
    return default if row is None else row


def forget() -> None:
    """Drop what this process kept, after a change or between tests."""
    _kept.clear()


def due(name: str, now: datetime) -> datetime:
    """When the clock ``name`` that starts now runs out."""
    return now + timedelta(seconds=current()[name])


def change(name: str, value: int, *, set_by: int | None, because: str, now: datetime) -> RuleVersion:
    """Set a rule from now on. Orders that were already placed keep theirs.

    Raises:
        KeyError: there is no such rule.
    """
    DEFAULTS[name]
    row = RuleVersion.objects.create(name=name, value=value, set_by=set_by, because=because, at=now)
    forget()
    return row
