"""Journeys by place, day, people and budget, over all shops."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat

from wanku.catalog.models import Product
from wanku.inventory.models import Supply
from wanku.kinds.seat.models import Cabin, Departure, SeatTerms
from wanku.kinds.seat.show import midnight, on_offer

PLACES_MAX: Final = 200


class Sort(StrEnum):
    """In which order."""

    TIME = "time"
    PRICE = "price"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for.

    Attributes:
        origin, destination: parts of places; empty for anywhere.
        day: the first day on which it may leave, on the clock of the place; none for any.
        only_day: on that day alone.
        people: seats in one cabin.
        budget: per person, minor units; none for any.
    """

    origin: str = ""
    destination: str = ""
    day: date | None = None
    only_day: bool = False
    people: int = 1
    budget: int | None = None
    sort: Sort = Sort.TIME


def search(sought: Sought, *, now: datetime) -> QuerySet[Departure]:
    """Departures on sale that have a cabin with enough seats within the budget.

    ``cost`` is the price of the first such cabin in the order of its shop: adults before children, who are no bargain.
    """
    sold = Product.objects.on_sale()
    rows = on_offer(now).filter(product__in=sold).filter(Exists(SeatTerms.objects.filter(pk=OuterRef("product_id"))))
    if sought.origin:
        rows = rows.filter(origin__icontains=sought.origin)
    if sought.destination:
        rows = rows.filter(destination__icontains=sought.destination)
    if sought.day is not None:
        # The day counts on the clock of the place it leaves from; the moment narrows it down by an index.
        wall = Func(F("zone_from"), F("starts_at"), function="timezone", output_field=DateTimeField())
        rows = rows.filter(starts_at__gte=midnight(sought.day)).annotate(leaves_on=Cast(wall, DateField()))
        rows = rows.filter(leaves_on=sought.day) if sought.only_day else rows.filter(leaves_on__gte=sought.day)
    rows = rows.annotate(cost=Subquery(_fitting(sought))).filter(cost__isnull=False)
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    rows = rows.annotate(length=length)
    return rows.order_by(_ORDER[sought.sort], "starts_at", "pk")


_ORDER: Final = {Sort.TIME: "starts_at", Sort.PRICE: "cost", Sort.LENGTH: "length"}


def places() -> list[str]:
    """Places that departures to come leave from or go to, for suggestions."""
    rows = Departure.objects.filter(product__in=Product.objects.on_sale())
    found = {*_first(rows, "origin"), *_first(rows, "destination")}
    return sorted(found)


def _first(rows: QuerySet[Departure], name: str) -> list[str]:
    return list(rows.order_by(name).values_list(name, flat=True).distinct()[:PLACES_MAX])


def _fitting(sought: Sought) -> QuerySet[Any, Any]:
    key = Concat(Value("seat:"), Cast("departure_id", CharField()), Value(":"), Cast("variant_id", CharField()))
    counted = Supply.objects.filter(key=OuterRef("key"), free__gte=sought.people)
    cabins = Cabin.objects.filter(departure=OuterRef("pk"), variant__is_active=True).annotate(
        key=key, cost=Coalesce("price", "variant__price")
    )
    if sought.budget is not None:
        cabins = cabins.filter(cost__lte=sought.budget)
    return cabins.filter(Exists(counted)).order_by("variant__position", "variant").values("cost")[:1]
