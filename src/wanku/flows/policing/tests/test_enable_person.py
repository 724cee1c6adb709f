"""A disabled account opens again."""

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.policing.enable_person import enable_person
from wanku.kernel.refusal import Refusal
from wanku.people.models import Person


def test_opens(ann: Person, di_actor: Actor) -> None:
    Person.objects.filter(pk=ann.pk).update(is_active=False)
    enable_person(ann.pk, because="已核实身份", actor=di_actor, now=NOW)
    ann.refresh_from_db()
    assert ann.is_active
    assert Act.objects.get().verb == "enable_person"


def test_refused(ann: Person, di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="wrong_state"):
        enable_person(ann.pk, because="already open", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_found"):
        enable_person(9999, because="a ghost", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="bad_value"):
        enable_person(ann.pk, because="?", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_allowed"):
        enable_person(ann.pk, because="a friend", actor=Actor(person_id=ann.pk), now=NOW)
    assert not Act.objects.exists()
