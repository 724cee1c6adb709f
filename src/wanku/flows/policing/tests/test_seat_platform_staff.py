"""Roles at the platform: given, taken, never one's own, never the last administrator's."""

import pytest

from tests.cast import NOW, PASSWORD
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole, PlatformSeat
from wanku.access.seats import platform_roles_of
from wanku.audit.models import Act
from wanku.flows.policing.seat_platform_staff import seat_platform_staff
from wanku.kernel.refusal import Refusal
from wanku.people.models import Person

ADMIN, FINANCE, SENIOR = PlatformRole.ADMIN, PlatformRole.FINANCE, PlatformRole.SENIOR


def test_gives_changes_and_takes(ann: Person, di_actor: Actor) -> None:
    assert seat_platform_staff(ann.pk, {FINANCE, SENIOR}, because="新同事", actor=di_actor, now=NOW) == frozenset()
    assert platform_roles_of(ann.pk) == {"finance", "senior"}
    seat_platform_staff(ann.pk, {SENIOR}, because="换岗到客服", actor=di_actor, now=NOW)
    assert platform_roles_of(ann.pk) == {"senior"}
    seat_platform_staff(ann.pk, (), because="已离职", actor=di_actor, now=NOW)
    assert platform_roles_of(ann.pk) == frozenset()
    assert [act.facts for act in Act.objects.order_by("id")][1] == {"from": ["finance", "senior"], "to": ["senior"]}


def test_not_ones_own(di: Person, di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="own_seat"):
        seat_platform_staff(di.pk, {FINANCE}, because="less work", actor=di_actor, now=NOW)
    assert platform_roles_of(di.pk) == set(PlatformRole)


def test_never_the_last_administrator(ann: Person, di: Person) -> None:
    """The actor's seat was taken after the page was opened: what it still believes does not count."""
    PlatformSeat.objects.create(person=ann, role=ADMIN, since=NOW)
    PlatformSeat.objects.filter(person=di, role=ADMIN).delete()
    late = Actor(person_id=di.pk, platform=frozenset({ADMIN}))
    with pytest.raises(Refusal, match="last_admin"):
        seat_platform_staff(ann.pk, {SENIOR}, because="tidying up", actor=late, now=NOW)
    assert platform_roles_of(ann.pk) == {"admin"}
    assert not Act.objects.exists()


def test_a_disabled_administrator_does_not_count(ann: Person, di: Person) -> None:
    PlatformSeat.objects.create(person=ann, role=ADMIN, since=NOW)
    Person.objects.filter(pk=di.pk).update(is_active=False)
    with pytest.raises(Refusal, match="last_admin"):
        seat_platform_staff(
            ann.pk, (), because="tidying up", actor=Actor(person_id=di.pk, platform=frozenset({ADMIN})), now=NOW
        )


@pytest.mark.parametrize(
    ("roles", "because", "field"), [({"king"}, "long live", "roles"), ({"finance"}, " ", "because")]
)
def test_bad_values(ann: Person, di_actor: Actor, roles: set[str], because: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        seat_platform_staff(ann.pk, roles, because=because, actor=di_actor, now=NOW)
    assert refused.value.field == field
    assert platform_roles_of(ann.pk) == frozenset()


def test_nobody_and_the_disabled(di_actor: Actor) -> None:
    gone = Person.objects.create_user(email="gone@example.com", password=PASSWORD, is_active=False)
    with pytest.raises(Refusal, match="bad_value"):
        seat_platform_staff(gone.pk, {FINANCE}, because="a comeback", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_found"):
        seat_platform_staff(9999, {FINANCE}, because="a ghost", actor=di_actor, now=NOW)


def test_only_administrators(ann: Person) -> None:
    for role in set(PlatformRole) - {ADMIN}:
        with pytest.raises(Refusal, match="not_allowed"):
            seat_platform_staff(
                ann.pk, {ADMIN}, because="a favour", actor=Actor(person_id=5, platform=frozenset({role})), now=NOW
            )
