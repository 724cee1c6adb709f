"""Services for which somebody still has time."""

from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from wanku.inventory.queries import free_between
from wanku.kinds.visit.facts import key_of
from wanku.kinds.visit.hours import QUARTER
from wanku.kinds.visit.models import Service, Skill


def hours_ahead(now: datetime) -> Exists:
    """A condition on products: somebody who does an offered variant has a free quarter of an hour from now on."""
    _hour, _worker, moment = key_of(0, int(now.timestamp()) // QUARTER + 1).split(":")
    skills = Skill.objects.filter(variant__product=OuterRef("pk"), variant__is_active=True, worker__is_active=True)
    skills = skills.filter(Exists(Service.objects.filter(pk=OuterRef("variant__product"))))
    skills = skills.annotate(hours=Concat(Value("hour:"), Cast("worker_id", CharField()), Value(":")))
    # The tilde stands behind every digit of a moment.
    free = free_between(Concat(OuterRef("hours"), Value(moment)), Concat(OuterRef("hours"), Value("~")))
    return Exists(skills.annotate(free=Subquery(free[:1])).filter(free__isnull=False))
