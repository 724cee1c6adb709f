"""A disabled account opens again."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal, gettext_noop
from wanku.people.models import Person


def enable_person(person_id: int, *, because: str, actor: Actor, now: datetime) -> None:
    """Let a disabled person sign in again. Revoked keys stay revoked.

    Raises:
        Refusal: ``wrong_state`` when the account is open, ``bad_value``, ``not_found``, ``not_allowed``.
    """
    require(actor, Permission.PEOPLE_EDIT)
    because = reason(because)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).filter(pk=person_id).first()
        if person is None:
            raise Refusal(NOT_FOUND)
        if person.is_active:
            raise Refusal(WRONG_STATE, state=gettext_noop("enabled"))
        person.is_active = True
        person.save(update_fields=["is_active"])
        record(
            "enable_person",
            actor_id=actor.person_id,
            subject_type="person",
            subject_id=person_id,
            because=because,
            now=now,
        )
