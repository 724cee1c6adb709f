"""An account is closed to its holder."""

import pytest
from django.test import Client

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.access.models import ApiKey, PlatformRole, PlatformSeat
from wanku.audit.models import Act
from wanku.flows.policing.disable_person import disable_person
from wanku.kernel.refusal import Refusal
from wanku.people.models import Person


def test_signs_out_everywhere_and_revokes_keys(ann: Person, di_actor: Actor, client: Client) -> None:
    client.force_login(ann)
    key = ApiKey.objects.create(person=ann, name="mine", prefix="wk_1", key_hash=b"1", created_at=NOW)
    disable_person(ann.pk, because="盗用他人账号", actor=di_actor, now=NOW)
    ann.refresh_from_db()
    key.refresh_from_db()
    assert not ann.is_active
    assert key.revoked_at == NOW
    assert not client.login(email="ann@example.com", password="correct horse battery 1")
    act = Act.objects.get()
    assert (act.verb, act.because, act.facts["keys_revoked"]) == ("disable_person", "盗用他人账号", 1)


def test_not_twice(ann: Person, di_actor: Actor) -> None:
    disable_person(ann.pk, because="盗用他人账号", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="wrong_state"):
        disable_person(ann.pk, because="盗用他人账号", actor=di_actor, now=NOW)
    assert Act.objects.count() == 1


def test_not_oneself_and_not_staff(ann: Person, di: Person, di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="own_account"):
        disable_person(di.pk, because="tired of it", actor=di_actor, now=NOW)
    PlatformSeat.objects.create(person=ann, role=PlatformRole.ADMIN, since=NOW)
    with pytest.raises(Refusal, match="is_platform_staff"):
        disable_person(ann.pk, because="a palace revolt", actor=di_actor, now=NOW)
    ann.refresh_from_db()
    assert ann.is_active


def test_refused(ann: Person, di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="bad_value"):
        disable_person(ann.pk, because="", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_found"):
        disable_person(9999, because="a ghost", actor=di_actor, now=NOW)
    for role in set(PlatformRole) - {PlatformRole.ADMIN}:
        with pytest.raises(Refusal, match="not_allowed"):
            disable_person(ann.pk, because="spite", actor=Actor(person_id=3, platform=frozenset({role})), now=NOW)
    ann.refresh_from_db()
    assert ann.is_active
