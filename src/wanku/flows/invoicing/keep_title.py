"""A member keeps a title for invoices to come."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.invoices import keep_title as book
from wanku.invoices.models import Title
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.people.models import Person


def keep_title(wanted: Wanted, *, usual: bool = False, actor: Actor, now: datetime) -> Title:
    """Check and remember a title; the same one again stays one.

    Args:
        usual: offer it first from now on.

    Raises:
        Refusal: ``sign_in`` for guests; ``bad_value``, ``bad_tax_number`` by field; ``too_many_titles``.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    wanted = wanted.checked()
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        title = book.keep_title(actor.person_id, wanted, now=now)
        if usual and not title.is_usual:
            Title.objects.filter(person_id=actor.person_id, is_usual=True).update(is_usual=False)
            title.is_usual = True
            title.save(update_fields=["is_usual"])
    return title
