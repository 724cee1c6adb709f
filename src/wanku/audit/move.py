"""The only writer of ``state``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wanku.audit.announce import announce
from wanku.audit.models import Move, Stateful
from wanku.kernel.refusal import NOT_ALLOWED, WRONG_STATE, Refusal
from wanku.kernel.states import Rule


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
    rule = _allowed(thing, event, by, due_at)
    row = _row(thing, event, rule.to, by=by, now=now, because=because, facts=facts)
    thing.state = rule.to
    thing.due_at = due_at
    thing.save(update_fields=["state", "due_at"])
    row.save(force_insert=True)
    announce([row])
    return row


def note(
    thing: Stateful, event: str, *, by: By, now: datetime, because: str = "", facts: Mapping[str, Any] | None = None
) -> Move:
    """Record something that happened to ``thing`` without changing its state (a parcel left, a clock was extended)."""
    row = _row(thing, event, thing.state, by=by, now=now, because=because, facts=facts)
    row.save(force_insert=True)
    announce([row])
    return row


@dataclass(frozen=True, slots=True)
class Step:
    """One thing's part in a move of many; the fields are those of `move`."""

    thing: Stateful
    due_at: datetime | None = None
    because: str = ""
    facts: Mapping[str, Any] | None = None


def move_all(steps: Sequence[Step], event: str, *, by: By, now: datetime) -> None:
    """`move` for many things of one kind in two statements. All are checked before any is changed.

    Raises:
        Refusal, ValueError: as `move`, for the first thing that does not fit.
    """
    rows, things = [], []
    for step in steps:
        rule = _allowed(step.thing, event, by, step.due_at)
        rows.append(_row(step.thing, event, rule.to, by=by, now=now, because=step.because, facts=step.facts))
    for step, row in zip(steps, rows, strict=True):
        step.thing.state = row.to_state
        step.thing.due_at = step.due_at
        things.append(step.thing)
    if things:
        model: QuerySet[Any] = QuerySet(type(things[0]))
        model.bulk_update(things, ["state", "due_at"])
        Move.objects.bulk_create(rows)
        announce(rows)


def _allowed(thing: Stateful, event: str, by: By, due_at: datetime | None) -> Rule:
    machine = thing.MACHINE
    rule = machine.after(thing.state, event)
    if rule is None:
        raise Refusal(WRONG_STATE, state=thing.state, event=event)
    if by.kind not in rule.by:
        raise Refusal(NOT_ALLOWED, because=f"{event} is not for {by.kind}")
    if (rule.to in machine.waiting) != (due_at is not None):
        raise ValueError(f"{machine.name}: state {rule.to} and deadline {due_at} do not go together")
    return rule


def _row(
    thing: Stateful, event: str, to: str, *, by: By, now: datetime, because: str, facts: Mapping[str, Any] | None
) -> Move:
    return Move(
        subject_type=thing.MACHINE.name,
        subject_id=str(thing.pk),
        from_state=thing.state,
        to_state=to,
        event=event,
        actor=by.kind,
        actor_id=by.person_id,
        because=because,
        facts=dict(facts or {}),
        at=now,
        **thing.move_context(),
    )
