"""A rule of the platform changes, for what starts from now on."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit import rules
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.deadlines import DAY, FLOORS
from wanku.kernel.limits import LIMITS, LIMITS_MAX
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop

SECONDS_MAX = 400 * DAY


def change_rule(name: str, value: int, *, because: str, actor: Actor, now: datetime) -> None:
    """Set the rule ``name``. What was placed before keeps the clock that it got.

    Args:
        value: seconds of a duration, major units of a limit.

    Raises:
        Refusal: ``not_found`` for an unknown name; ``bad_value`` on ``value`` outside the bounds (of durations the
            law's minimum, `wanku.kernel.deadlines.FLOORS`, and 400 days; of limits nought and
            `wanku.kernel.limits.LIMITS_MAX`) or equal to what is in force, and on ``because``.
    """
    require(actor, Permission.RULES_EDIT)
    if name not in rules.DEFAULTS:
        raise Refusal(NOT_FOUND)
    because = reason(because)
    problem = _outside_limit(name, value) if name in LIMITS else _outside_duration(name, value)
    if problem:
        raise Refusal(BAD_VALUE, field="value", problem=problem)
    with transaction.atomic():
        before = rules.latest(name)
        if before == value:
            raise Refusal(BAD_VALUE, field="value", problem=gettext_noop("This is the value in force already."))
        rules.change(name, value, set_by=actor.person_id, because=because, now=now)
        record(
            "change_rule",
            actor_id=actor.person_id,
            subject_type="rule",
            subject_id=name,
            because=because,
            facts={"from": before, "to": value},
            now=now,
        )


def _outside_duration(name: str, seconds: int) -> str:
    if seconds < FLOORS.get(name, 1):
        return gettext_noop("This is shorter than the shortest allowed.")
    return gettext_noop("At most 400 days.") if seconds > SECONDS_MAX else ""


def _outside_limit(name: str, amount: int) -> str:
    return "" if 0 <= amount <= LIMITS_MAX[name] else gettext_noop("This is more than the most allowed.")
