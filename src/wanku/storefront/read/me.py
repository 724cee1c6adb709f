"""What the personal centre shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from wanku.access.actor import Actor
from wanku.kernel.text import mask_email, mask_phone
from wanku.people.models import Address, Person
from wanku.storefront.read.orders import count_tabs


@dataclass(frozen=True, slots=True)
class Me:
    """The start page of a member; contact data masked, since others may look at the screen."""

    counts: Mapping[str, int]
    phone: str
    email: str
    addresses: int
    sessions: int
    has_second_factor: bool


def read_me(actor: Actor, person: Person, *, now: datetime) -> Me:
    """Counts and the state of the account; four queries."""
    return Me(
        counts=count_tabs(actor, now),
        phone=mask_phone(person.phone) if person.phone else "",
        email=mask_email(person.email) if person.email else "",
        addresses=Address.objects.filter(person=person).count(),
        sessions=UserSession.objects.filter(user=person).count(),
        has_second_factor=Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists(),
    )
