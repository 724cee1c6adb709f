"""Someone is signed out everywhere."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.people.end_sessions import end_sessions_of
from wanku.people.models import Person


def end_person_sessions(person_id: int, *, because: str, actor: Actor, now: datetime) -> int:
    """End every session of a person, for a stolen phone or a shared password.

    Returns:
        how many were ended.

    Raises:
        Refusal: ``bad_value``, ``not_found``, ``not_allowed``.
    """
    require(actor, Permission.PEOPLE_EDIT)
    because = reason(because)
    with transaction.atomic():
        if not Person.objects.filter(pk=person_id).exists():
            raise Refusal(NOT_FOUND)
        ended = end_sessions_of(person_id)
        record(
            "end_person_sessions",
            actor_id=actor.person_id,
            subject_type="person",
            subject_id=person_id,
            because=because,
            facts={"sessions_ended": ended},
            now=now,
        )
    return ended
