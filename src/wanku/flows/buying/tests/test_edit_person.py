"""How Wanku speaks to a member."""

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.flows.buying.edit_person import edit_person
from wanku.kernel.refusal import Refusal
from wanku.people.models import Person


def test_name_language_and_zone(ann: Person, ann_actor: Actor) -> None:
    edit_person("  小\u202e安 ", language="en", zone="Europe/Berlin", actor=ann_actor, now=NOW)
    ann.refresh_from_db()
    assert (ann.name, ann.language, ann.zone) == ("小安", "en", "Europe/Berlin")


def test_every_fault_is_named_and_nothing_changed(ann: Person, ann_actor: Actor) -> None:
    with pytest.raises(Refusal) as no:
        edit_person("x" * 61, language="tlh", zone="../../etc/passwd", actor=ann_actor, now=NOW)
    assert {each.field for each in (no.value, *no.value.also)} == {"name", "language", "zone"}
    ann.refresh_from_db()
    assert (ann.name, ann.language, ann.zone) == ("Ann", "zh-hans", "Asia/Shanghai")


def test_a_guest_has_none(guest_actor: Actor) -> None:
    with pytest.raises(Refusal) as no:
        edit_person("x", language="en", zone="UTC", actor=guest_actor, now=NOW)
    assert no.value.code.name == "sign_in"
