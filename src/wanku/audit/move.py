"""The only writer of ``state``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from wanku.audit.announce import announce
from wanku.audit.models import Move, Stateful
from wanku.kernel.arrays import execute, literal, unnest
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
        due_at: deadline of the new state; required exactly where the table says that someone must act, and as the
            caller knows where it says that the row's own kind decides.

    Raises:
        Refusal: ``wrong_state`` when the event does not fit the state, ``not_allowed`` when it is not theirs.
        ValueError: the deadline and the table disagree.
    """
    rule = _allowed(type(thing), thing.state, event, by, due_at)
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
    """`move` for many things of one kind in one statement. All are checked before any is changed.

    Raises:
        Refusal, ValueError: as `move`, for the first thing that does not fit.
    """
    if not steps:
        return
    rows = [_row_step(step) for step in steps]
    move_rows(type(steps[0].thing), rows, event, by=by, now=now)
    for step, row in zip(steps, rows, strict=True):
        step.thing.state = step.thing.MACHINE.rules[row.state, event].to
        step.thing.due_at = step.due_at


class RowStep(NamedTuple):
    """A locked row's part in a move of many, for batches in which a model instance for each would cost too much.

    Attributes:
        state: the one that the row has, read under its lock.
        merchant_id, trade_id: what `Stateful.move_context` gives for a thing of this kind.
        due_at, because, facts: as in `move`.
    """

    pk: UUID | int
    state: str
    merchant_id: int | None
    trade_id: UUID | None
    due_at: datetime | None = None
    because: str = ""
    facts: Mapping[str, Any] | None = None


def move_rows(
    model: type[Stateful],
    steps: Sequence[RowStep],
    event: str,
    *,
    by: By,
    now: datetime,
    also: Mapping[str, Any] | None = None,
    each: Mapping[str, Sequence[Any]] | None = None,
) -> None:
    """`move_all` for rows. All are checked before any is changed; a row may occur once.

    Args:
        also: further columns that change with the state, with one value for all rows.
        each: the same, with one value per row.

    Raises:
        Refusal, ValueError: as `move`, for the first row that does not fit.
    """
    if not steps:
        return
    columns: dict[str, tuple[str, Sequence[Any]]] = {
        "pk": (_kind(model, "id"), [step.pk for step in steps]),
        "from_state": ("text", [step.state for step in steps]),
        "to_state": ("text", _states_after(model, steps, event, by)),
        "merchant_id": ("bigint", [step.merchant_id for step in steps]),
        "trade_id": ("uuid", [step.trade_id for step in steps]),
        "due": ("timestamptz", [step.due_at for step in steps]),
        "because": ("text", [step.because for step in steps]),
        "facts": ("jsonb", [step.facts or {} for step in steps]),
        **{name: (_kind(model, name), values) for name, values in (each or {}).items()},
    }
    also = also or {}
    sets = [f"{name} = v.{name}" for name in each or ()]
    sets += [f"{name} = ${n}::{_kind(model, name)}" for n, name in enumerate(also, 6 + len(columns))]
    # Table and columns are names of fields, never input.
    sql = _MOVE_ROWS.format(
        table=model._meta.db_table,  # noqa: SLF001 - documented
        rows=unnest({name: kind for name, (kind, _) in columns.items()}, 6, "v"),
        sets="".join(f", {each_set}" for each_set in sets),
    )
    constants = [model.MACHINE.name, event, by.kind, by.person_id, now]
    execute(
        sql, [*constants, *(literal(values, kind) for kind, values in columns.values()), *also.values()], prepared=False
    )
    announce(steps)


_MOVE_ROWS = """
WITH v AS (SELECT * FROM {rows}), moved AS (
    UPDATE {table} t SET state = v.to_state, due_at = v.due{sets} FROM v WHERE t.id = v.pk
)
INSERT INTO audit_move (
    subject_type, subject_id, merchant_id, trade_id, from_state, to_state, event, actor, actor_id, because, facts, at
)
SELECT $1::text, pk::text, merchant_id, trade_id, from_state, to_state, $2::text, $3::text, $4::bigint, because, facts,
    $5::timestamptz
FROM v
"""


def _states_after(model: type[Stateful], steps: Sequence[RowStep], event: str, by: By) -> list[str]:
    """The new state of each row; every kind of step is asked about once."""
    known: dict[tuple[str, bool], str] = {}
    for step in steps:
        kind = (step.state, step.due_at is None)
        if kind not in known:
            known[kind] = _allowed(model, step.state, event, by, step.due_at).to
    return [known[step.state, step.due_at is None] for step in steps]


def _kind(model: type[Stateful], name: str) -> str:
    """The type of a column as its values travel; a text that is too long must be an error and not be cut."""
    kind = str(model._meta.get_field(name).db_type(connection))  # noqa: SLF001 - documented
    return "text" if kind.startswith("varchar") else _SHORT.get(kind, kind)


_SHORT = {"timestamp with time zone": "timestamptz"}


def _row_step(step: Step) -> RowStep:
    context: Mapping[str, Any] = step.thing.move_context()
    return RowStep(
        step.thing.pk,
        step.thing.state,
        context.get("merchant_id"),
        context.get("trade_id"),
        step.due_at,
        step.because,
        step.facts,
    )


def _allowed(model: type[Stateful], state: str, event: str, by: By, due_at: datetime | None) -> Rule:
    machine = model.MACHINE
    rule = machine.after(state, event)
    if rule is None:
        raise Refusal(WRONG_STATE, state=state, event=event)
    if by.kind not in rule.by:
        raise Refusal(NOT_ALLOWED, because=f"{event} is not for {by.kind}")
    if not machine.takes(rule.to, clock=due_at is not None):
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
