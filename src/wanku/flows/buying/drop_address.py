"""A member takes an address out of the book."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.people.models import Person
from wanku.people.save_address import remove_address


def drop_address(address_id: int, *, actor: Actor, now: datetime) -> None:
    """Remove an address; orders keep their own copy.

    Raises:
        Refusal: ``sign_in``, or ``not_found`` for somebody else's address.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        remove_address(actor.person_id, address_id)
