"""Dishes that a kitchen can still make."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from wanku.inventory.queries import free_between
from wanku.kinds.meal.models import Dish

WEST: Final = timedelta(hours=12)
"""No clock on earth is further behind: portions of a day that is over there are none any more."""


def dishes_ahead(now: datetime) -> Exists:
    """A condition on products: the kitchen has room in some quarter of an hour from now on, and the dish, where its
    portions are counted, has one left on some day.
    """
    dishes = Dish.objects.filter(pk=OuterRef("pk")).annotate(
        quarters=Concat(Value("kitchen:"), Cast("merchant_id", CharField()), Value(":")),
        days=Concat(Value("portion:"), Cast("pk", CharField()), Value(":")),
    )
    moment, day = f"{now.astimezone(UTC):%Y-%m-%dT%H:%MZ}", f"{now.astimezone(UTC) - WEST:%Y-%m-%d}"
    # The tilde stands behind every digit of a moment.
    quarter = free_between(Concat(OuterRef("quarters"), Value(moment)), Concat(OuterRef("quarters"), Value("~")))
    portion = free_between(Concat(OuterRef("days"), Value(day)), Concat(OuterRef("days"), Value("~")))
    dishes = dishes.annotate(quarter=Subquery(quarter[:1]), portion=Subquery(portion[:1]))
    return Exists(dishes.filter(Q(portions=None) | Q(portion__isnull=False), quarter__isnull=False))
