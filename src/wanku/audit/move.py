"""The only writer of ``state``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wanku.audit.models import Move, Stateful
from wanku.kernel.refusal import NOT_ALLOWED, WRONG_STATE, Refusal


@dataclass(frozen=True, slots=True)
class By:
    """Who causes a move: the kind (`wanku.kernel.states`) and, if signed in, the person."""

    kind: str
    person_id: int | None = None


def move(
    thing: Stateful,
    event: str,
    *,
    by: By,
    now: datetime,
    due_at: datetime | None = None,
    because: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Move:
    """Carry ``thing`` along its table and record it. The caller holds the row lock, inside its transaction.

    Args:
        due_at: deadline of the new state; required exactly where the table says that someone must act.

    Raises:
        Refusal: ``wrong_state`` when the event does not fit the state, ``not_allowed`` when it is not theirs.
        ValueError: the deadline and the table disagree.
    """
    machine = thing.MACHINE
    rule = machine.after(thing.state, event)
    if rule is None:
        raise Refusal(WRONG_STATE, state=thing.state, event=event)
    if by.kind not in rule.by:
        raise Refusal(NOT_ALLOWED, because=f"{event} is not for {by.kind}")
    if (rule.to in machine.waiting) != (due_at is not None):
        raise ValueError(f"{machine.name}: state {rule.to} and deadline {due_at} do not go together")
    row = Move(
        subject_type=machine.name,
        subject_id=str(thing.pk),
        from_state=thing.state,
        to_state=rule.to,
        event=event,
        actor=by.kind,
        actor_id=by.person_id,
        because=because,
        facts=dict(facts or {}),
        at=now,
        **thing.move_context(),
    )
    thing.state = rule.to
    thing.due_at = due_at
    thing.save(update_fields=["state", "due_at"])
    row.save(force_insert=True)
    return row


def note(
    thing: Stateful, event: str, *, by: By, now: datetime, because: str = "", facts: Mapping[str, Any] | None = None
) -> Move:
    """Record something that happened to ``thing`` without changing its state (a parcel left, a clock was extended)."""
    row = Move(
        subject_type=thing.MACHINE.name,
        subject_id=str(thing.pk),
        from_state=thing.state,
        to_state=thing.state,
        event=event,
        actor=by.kind,
        actor_id=by.person_id,
        because=because,
        facts=dict(facts or {}),
        at=now,
        **thing.move_context(),
    )
    row.save(force_insert=True)
    return row
