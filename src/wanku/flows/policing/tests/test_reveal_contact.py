"""Lifting the mask leaves a trace."""

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.policing.reveal_contact import reveal_contact
from wanku.kernel.refusal import Refusal
from wanku.people.models import Person


def test_is_written_down(ann: Person, di_actor: Actor) -> None:
    seen = reveal_contact(ann.pk, because="买家来电核实", actor=di_actor, now=NOW)
    assert (seen.name, seen.email, seen.phone) == ("Ann", "ann@example.com", "")
    act = Act.objects.get()
    assert (act.verb, act.actor_id, act.subject_id) == ("reveal_contact", di_actor.person_id, str(ann.pk))
    assert "ann@example.com" not in str(act.facts) + act.because


def test_refused(ann: Person, di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="bad_value"):
        reveal_contact(ann.pk, because="", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_found"):
        reveal_contact(9999, because="a ghost", actor=di_actor, now=NOW)
    for role in ("finance", "first_line"):
        with pytest.raises(Refusal, match="not_allowed"):
            reveal_contact(ann.pk, because="curious", actor=Actor(person_id=3, platform=frozenset({role})), now=NOW)
    assert not Act.objects.exists()
