"""An account is closed to its holder."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.access.models import PlatformRole
from wanku.access.revoke_keys import revoke_keys_of
from wanku.access.seats import lock_roles
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Code, Refusal, gettext_noop
from wanku.people.end_sessions import end_sessions_of
from wanku.people.models import Person

OWN_ACCOUNT = Code("own_account", gettext_noop("Nobody disables their own account here."))
IS_STAFF = Code("is_platform_staff", gettext_noop("Take this person's platform roles away first."))


def disable_person(person_id: int, *, because: str, actor: Actor, now: datetime) -> None:
    """Bar a person from signing in, end their sessions and revoke their API keys. Orders and reviews stay.

    Raises:
        Refusal: ``own_account``; ``is_platform_staff`` while the person has platform roles, so that disabling never
            goes round the rule of the last administrator; ``wrong_state`` when disabled already; ``bad_value``,
            ``not_found``, ``not_allowed``.
    """
    require(actor, Permission.PEOPLE_EDIT)
    because = reason(because)
    if person_id == actor.person_id:
        raise Refusal(OWN_ACCOUNT)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).filter(pk=person_id).first()
        if person is None:
            raise Refusal(NOT_FOUND)
        if not person.is_active:
            raise Refusal(WRONG_STATE, state=gettext_noop("disabled"))
        if any(who == person_id and role in PlatformRole.values for who, role in lock_roles()):
            raise Refusal(IS_STAFF)
        person.is_active = False
        person.save(update_fields=["is_active"])
        sessions = end_sessions_of(person_id)
        keys = revoke_keys_of(person_id, now=now)
        record(
            "disable_person",
            actor_id=actor.person_id,
            subject_type="person",
            subject_id=person_id,
            because=because,
            facts={"sessions_ended": sessions, "keys_revoked": keys},
            now=now,
        )
