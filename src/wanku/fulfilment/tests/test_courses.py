"""The courses of all kinds against the table that they share."""

import pytest

from wanku.fulfilment.booking_states import BOOKING_MACHINE, OPEN
from wanku.kernel.deadlines import DEFAULTS
from wanku.kinds.course import ACCEPTED, CANCELLED, DONE, FROM_END, FROM_NOW, FROM_START, REJECTED, TO_ACCEPT
from wanku.kinds.kind import Kind
from wanku.kinds.registry import KINDS

ACTS = {"accept", "depart", "start", "finish", "no_show"}
all_kinds = pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.code)


@all_kinds
def test_states_and_acts_are_those_of_the_table(kind: Kind) -> None:
    course = kind.course
    assert set(course.states) <= set(BOOKING_MACHINE.states())
    assert set(course.acts) <= ACTS
    assert course.first in course.states and DONE in course.states
    assert course.proof <= set(course.acts)
    assert all(BOOKING_MACHINE.after(state, "cancel") for state in course.cancel)


@all_kinds
def test_every_act_leads_to_a_state_that_has_a_word(kind: Kind) -> None:
    course = kind.course
    if course.at_once:
        return
    leads_to = {rule.to for (state, event), rule in BOOKING_MACHINE.rules.items() if event in course.acts}
    assert leads_to <= set(course.states)
    assert CANCELLED in course.states
    assert (REJECTED in course.states) == ("accept" in course.acts)


@all_kinds
def test_silence_has_an_outcome_that_the_table_knows(kind: Kind) -> None:
    """Invariant I11: whoever waits to be accepted has a clock; what was accepted is at least late by its order."""
    course = kind.course
    for state, silence in course.silence.items():
        assert state in OPEN
        assert silence.clock in DEFAULTS
        assert silence.since in (FROM_NOW, FROM_START, FROM_END)
        assert silence.event in BOOKING_MACHINE.may_wait[state].silences
    if course.first == TO_ACCEPT:
        assert course.silence[TO_ACCEPT].event == "lapse"
    if course.first == ACCEPTED and course.by_code:
        assert ACCEPTED in course.silence
