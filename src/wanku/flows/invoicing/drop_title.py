"""A member removes a title from their book."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.invoices.models import Title
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.people.models import Person


def drop_title(title_id: int, *, actor: Actor, now: datetime) -> None:
    """Forget a title; invoices made out to it stay. The one that was used last becomes the usual one.

    Raises:
        Refusal: ``not_found`` for somebody else's.
    """
    del now
    if actor.person_id is None:
        raise Refusal(NOT_FOUND)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        mine = Title.objects.filter(person_id=actor.person_id)
        title = mine.filter(pk=title_id).first()
        if title is None:
            raise Refusal(NOT_FOUND)
        title.delete()
        next_one = mine.order_by("-used_at").first()
        if title.is_usual and next_one is not None:
            next_one.is_usual = True
            next_one.save(update_fields=["is_usual"])
