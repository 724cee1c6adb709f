"""Who works at the platform, and as what."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.access.models import PlatformRole
from wanku.access.seats import lock_roles, set_platform_roles
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Code, Refusal, gettext_noop
from wanku.people.models import Person

OWN_SEAT = Code("own_seat", gettext_noop("Nobody changes their own roles; ask another administrator."))
LAST_ADMIN = Code("last_admin", gettext_noop("The platform would be left without an administrator."))


def seat_platform_staff(
    person_id: int, roles: Collection[str], *, because: str, actor: Actor, now: datetime
) -> frozenset[str]:
    """Give a person exactly these platform roles; none takes the last seat away.

    Returns:
        the roles that the person had before.

    Raises:
        Refusal: ``own_seat``, ``last_admin``, ``bad_value`` for an unknown role or a missing reason, or for roles
            given to a disabled account; ``not_found``, ``not_allowed``.
    """
    require(actor, Permission.PEOPLE_EDIT)
    because = reason(because)
    wanted = frozenset(roles)
    if wanted - set(PlatformRole.values):
        raise Refusal(BAD_VALUE, field="roles", problem=gettext_noop("Choose from the roles that are offered."))
    if person_id == actor.person_id:
        raise Refusal(OWN_SEAT)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).filter(pk=person_id).first()
        if person is None:
            raise Refusal(NOT_FOUND)
        if wanted and not person.is_active:
            raise Refusal(BAD_VALUE, field="roles", problem=gettext_noop("This account is disabled; enable it first."))
        seats = lock_roles()
        before = frozenset(role for who, role in seats if who == person_id)
        admins = {who for who, role in seats if role == PlatformRole.ADMIN} - {person_id}
        if PlatformRole.ADMIN in before and PlatformRole.ADMIN not in wanted and not _any_active(admins):
            raise Refusal(LAST_ADMIN)
        set_platform_roles(person_id, wanted, now=now)
        record(
            "seat_platform_staff",
            actor_id=actor.person_id,
            subject_type="person",
            subject_id=person_id,
            because=because,
            facts={"from": sorted(before), "to": sorted(wanted)},
            now=now,
        )
    return before


def _any_active(person_ids: set[int]) -> bool:
    return Person.objects.filter(pk__in=person_ids, is_active=True).exists()
