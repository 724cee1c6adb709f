"""Destinations with what is there."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from wanku.catalog.models import ProductState
from wanku.kinds.stay.models import Place, Property


def places() -> QuerySet[Place]:
    """All of them by name, with ``houses`` on sale there; one statement."""
    houses = Property.objects.filter(place=OuterRef("pk"), product__state=ProductState.ON_SALE).order_by()
    counted = houses.values("place").annotate(n=Count("pk")).values("n")
    return Place.objects.annotate(houses=Coalesce(Subquery(counted, output_field=IntegerField()), 0)).order_by("name")
