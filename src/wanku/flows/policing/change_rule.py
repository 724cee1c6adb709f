"""A duration of the platform changes, for what starts from now on."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit import rules
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.deadlines import DAY, DEFAULTS, FLOORS
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop

SECONDS_MAX = 400 * DAY


def change_rule(name: str, seconds: int, *, because: str, actor: Actor, now: datetime) -> None:
    """Set the duration ``name`` to ``seconds``. What was placed before keeps the clock that it got.

    Raises:
        Refusal: ``not_found`` for an unknown name; ``bad_value`` on ``seconds`` outside the bounds (the law's
            minimum, `wanku.kernel.deadlines.FLOORS`, and 400 days) or equal to what is in force, and on ``because``.
    """
    require(actor, Permission.RULES_EDIT)
    if name not in DEFAULTS:
        raise Refusal(NOT_FOUND)
    because = reason(because)
    floor = FLOORS.get(name, 1)
    if seconds < floor:
        raise Refusal(BAD_VALUE, field="seconds", problem=gettext_noop("This is shorter than the shortest allowed."))
    if seconds > SECONDS_MAX:
        raise Refusal(BAD_VALUE, field="seconds", problem=gettext_noop("At most 400 days."))
    with transaction.atomic():
        before = rules.latest(name)
        if before == seconds:
            raise Refusal(BAD_VALUE, field="seconds", problem=gettext_noop("This is the value in force already."))
        rules.change(name, seconds, set_by=actor.person_id, because=because, now=now)
        record(
            "change_rule",
            actor_id=actor.person_id,
            subject_type="rule",
            subject_id=name,
            because=because,
            facts={"from": before, "to": seconds},
            now=now,
        )
