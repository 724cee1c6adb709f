"""A member writes an address into the book."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.buying._checkout import tidy_address
from wanku.kernel.refusal import SIGN_IN, Refusal, refuse_all
from wanku.people.models import Address, Person
from wanku.people.save_address import save_address


def keep_address(
    typed: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    address_id: int | None = None,
    is_default: bool = False,
) -> Address:
    """Add an address, or change the one with ``address_id``.

    Args:
        typed: keys as in `wanku.people.models.Address.frozen`.

    Raises:
        Refusal: ``sign_in``, what is wrong with each field (``address.…``), ``not_found``, ``address_book_full``.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    fields, refusals = tidy_address(typed)
    refuse_all(refusals)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        return save_address(actor.person_id, fields, address_id=address_id, is_default=is_default)
