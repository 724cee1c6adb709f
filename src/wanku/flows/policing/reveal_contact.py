"""Personal data is shown masked; who lifts the mask leaves a trace."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.people.models import Person


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a person, unmasked."""

    name: str
    email: str
    phone: str


def reveal_contact(person_id: int, *, because: str, actor: Actor, now: datetime) -> Contact:
    """Show one person's contact to staff, and write down who saw it and why, in the same transaction.

    Raises:
        Refusal: ``bad_value`` without a reason, ``not_found``, ``not_allowed``.
    """
    require(actor, Permission.PEOPLE_SEE)
    because = reason(because)
    with transaction.atomic():
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            raise Refusal(NOT_FOUND)
        record(
            "reveal_contact",
            actor_id=actor.person_id,
            subject_type="person",
            subject_id=person_id,
            because=because,
            now=now,
        )
    return Contact(name=person.name, email=person.email or "", phone=person.phone or "")
