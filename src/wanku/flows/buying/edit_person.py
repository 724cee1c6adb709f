"""A member changes how Wanku speaks to them."""

from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from wanku.access.actor import Actor
from wanku.kernel.refusal import BAD_VALUE, SIGN_IN, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.people.models import Person

NAME_MAX = 60


def edit_person(name: str, *, language: str, zone: str, actor: Actor, now: datetime) -> None:
    """Set the name to greet with, the language of notices and the time zone of dates.

    Raises:
        Refusal: ``sign_in``, or ``bad_value`` with the field.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    name = clean(name)
    refusals = []
    if len(name) > NAME_MAX:
        refusals.append(Refusal(BAD_VALUE, field="name", problem=gettext_noop("At most 60 characters fit here.")))
    if language not in dict(settings.LANGUAGES):
        refusals.append(Refusal(BAD_VALUE, field="language", problem=gettext_noop("Please choose a language.")))
    if zone not in available_timezones():
        refusals.append(Refusal(BAD_VALUE, field="zone", problem=gettext_noop("Please choose a time zone.")))
    refuse_all(refusals)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        person.name, person.language, person.zone = name, language, zone
        person.save(update_fields=["name", "language", "zone"])
