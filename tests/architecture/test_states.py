"""Every table of states: each state with each event by each kind of actor, and a clock wherever someone must act."""

from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT
from tests.architecture.test_models import stateful
from wanku.audit.models import Move, Stateful
from wanku.audit.move import By, move
from wanku.kernel.deadlines import DEFAULTS
from wanku.kernel.refusal import Refusal
from wanku.kernel.states import BUYER, CLOCK, GATEWAY, MERCHANT, PLATFORM, SYSTEM, Machine
from wanku.runner.states import drawing, machines

KINDS = (BUYER, MERCHANT, PLATFORM, CLOCK, GATEWAY, SYSTEM)
NOW = datetime(2026, 5, 3, 9, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)
all_machines = pytest.mark.parametrize("machine", machines(), ids=lambda machine: machine.name)
all_models = pytest.mark.parametrize("model", stateful(), ids=lambda model: model.__name__)


def test_every_model_has_its_machine_and_every_machine_its_model() -> None:
    assert sorted(model.MACHINE.name for model in stateful()) == sorted(machine.name for machine in machines())


@all_models
def test_walk(model: type[Stateful], monkeypatch: pytest.MonkeyPatch) -> None:
    """`move` does in each state, for each event and actor, exactly what the table says, and nothing else."""
    monkeypatch.setattr(model, "save", lambda self, **_: None)
    monkeypatch.setattr(model, "move_context", lambda self: {})
    monkeypatch.setattr(Move, "save", lambda self, **_: None)
    monkeypatch.setattr("wanku.audit.move.announce", lambda moves: None)
    machine = model.MACHINE
    for state in machine.states():
        for event in machine.events():
            for kind in KINDS:
                walk(model(state=state), machine, event, kind)


def walk(thing: Stateful, machine: Machine, event: str, kind: str) -> None:
    """One event on one thing."""
    before = thing.state
    rule = machine.after(before, event)
    due_at = SOON if rule and rule.to in (*machine.waiting, *machine.may_wait) else None
    if rule is None or kind not in rule.by:
        with pytest.raises(Refusal) as refused:
            move(thing, event, by=By(kind), now=NOW, due_at=due_at)
        assert refused.value.code.name == ("wrong_state" if rule is None else "not_allowed")
        assert thing.state == before
        return
    if rule.to in machine.may_wait:
        assert move(type(thing)(state=before), event, by=By(kind), now=NOW).to_state == rule.to
    else:
        with pytest.raises(ValueError, match="deadline"):
            move(thing, event, by=By(kind), now=NOW, due_at=None if due_at else SOON)
    assert thing.state == before
    row = move(thing, event, by=By(kind), now=NOW, due_at=due_at)
    assert (row.from_state, row.to_state, row.event, row.actor) == (before, rule.to, event, kind)
    assert (thing.state, thing.due_at) == (rule.to, due_at)


@all_machines
def test_every_state_can_be_reached(machine: Machine) -> None:
    seen, todo = {machine.initial}, deque([machine.initial])
    while todo:
        state = todo.popleft()
        for (before, _), rule in machine.rules.items():
            if before == state and rule.to not in seen:
                seen.add(rule.to)
                todo.append(rule.to)
    assert seen == set(machine.states())


@all_machines
def test_waiting_states_have_a_clock_and_an_outcome_of_silence(machine: Machine) -> None:
    """Invariant I11."""
    for state, waiting in machine.waiting.items():
        assert waiting.clock in DEFAULTS, state
        rule = machine.after(state, waiting.silence)
        assert rule is not None, f"{machine.name}: {state} has no event {waiting.silence}"
        assert rule.by & {CLOCK, SYSTEM}, f"{machine.name}: the clock may not fire {waiting.silence} in {state}"


@all_machines
def test_clocks_that_differ_by_row_have_outcomes_that_the_table_knows(machine: Machine) -> None:
    """What the rows' clocks are and that each is one of these is tested beside the kinds (invariant I11)."""
    assert not set(machine.may_wait) & set(machine.waiting)
    for state, waiting in machine.may_wait.items():
        assert waiting.silences
        for event in waiting.silences:
            rule = machine.after(state, event)
            assert rule is not None and CLOCK in rule.by, f"{machine.name}: {state} {event}"


@all_machines
def test_final_states_wait_for_nobody(machine: Machine) -> None:
    assert not machine.final() & {*machine.waiting, *machine.may_wait}


@all_machines
def test_actors_are_known(machine: Machine) -> None:
    kinds: set[Any] = {kind for rule in machine.rules.values() for kind in rule.by}
    assert kinds <= set(KINDS)


def test_the_pictures_are_current() -> None:
    """`wanku states` draws them."""
    folder: Path = ROOT / "docs" / "states"
    wanted = {f"{machine.name}.svg": drawing(machine) for machine in machines()}
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.svg")} == wanted
