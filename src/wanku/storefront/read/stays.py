"""Where one can stay: destinations, and houses that are free for all nights with what the whole stay costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict

from wanku.catalog.models import ProductState
from wanku.catalog.queries import first_pictures
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.kernel.money import Money
from wanku.kinds.stay.asking import Asked, read_asked
from wanku.kinds.stay.models import Place, Property
from wanku.kinds.stay.search import Found, search_stays
from wanku.kinds.stay.words import FACILITIES, Facility, facilities_of
from wanku.merchants.models import SELLING_STATES
from wanku.storefront.read.cards import product_url
from wanku.storefront.typed import yuan

ZONE: Final = "Asia/Shanghai"
"""What tomorrow is while nobody has said where to."""
CURRENCY: Final = "CNY"
FILTERED_BY: Final = ("wifi", "parking", "pool", "spring", "gym", "restaurant", "family", "pets", "access", "shuttle")
FACILITIES_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Destination:
    """A place with how many houses are on sale there."""

    place: Place
    houses: int


@dataclass(frozen=True, slots=True)
class StayCard:
    """A house among the results.

    Attributes:
        url: of its page, with the days, guests and the cheapest rate chosen.
        left: rooms of that type that are free for all nights.
    """

    found: Found
    picture: Picture | None
    url: str
    total: Money
    per_night: Money
    facilities: Sequence[tuple[str, Facility]]

    @property
    def left(self) -> int:
        """Free rooms of the cheapest type."""
        return self.found.left


@dataclass(frozen=True, slots=True)
class Stays:
    """What the page shows.

    Attributes:
        places: those with a house on sale, most first.
        place: the chosen one.
        budget: as it was typed; ``budget_wrong`` when it is no amount.
    """

    places: Sequence[Destination]
    place: Place | None
    asked: Asked
    today: date
    budget: str
    budget_wrong: bool
    chosen: frozenset[str]
    filters: Mapping[str, Facility]
    cards: Sequence[StayCard]


def read_stays(given: QueryDict, *, now: datetime) -> Stays:
    """From an address; strange values ask for nothing. At most seven statements."""
    asked = read_asked({name: str(given[name]) for name in given}, zone=ZONE, now=now, prefix="")
    places = _places()
    wanted = given.get("to", "")
    place = next((each.place for each in places if str(each.place.pk) == wanted), None) or _named(places, wanted)
    typed = given.get("budget", "").strip()[:12]
    budget = yuan(typed)
    chosen = frozenset(given.getlist("with")) & set(FILTERED_BY)
    found: Sequence[Found] = ()
    if place is not None:
        found = search_stays([place.pk], asked, budget=budget, facilities=sorted(chosen), now=now)
    pictures = first_pictures([row.house.pk for row in found]) if found else {}
    return Stays(
        places=places,
        place=place,
        asked=asked,
        today=read_asked({}, zone=ZONE, now=now).check_in,
        budget=typed,
        budget_wrong=bool(typed) and budget is None,
        chosen=chosen,
        filters={code: FACILITIES[code] for code in FILTERED_BY},
        cards=[_card(row, asked, stand_in(pictures.get(row.house.pk))) for row in found],
    )


def _places() -> list[Destination]:
    """Destinations with a house on sale: two statements."""
    offered = Property.objects.filter(product__state=ProductState.ON_SALE, merchant__state__in=SELLING_STATES)
    counts = dict(offered.values_list("place").annotate(houses=Count("pk")).order_by())
    places = Place.objects.filter(is_hidden=False).in_bulk(counts)
    found = [Destination(place, counts[pk]) for pk, place in places.items()]
    return sorted(found, key=lambda each: (-each.houses, each.place.name))


def _named(places: Sequence[Destination], words: str) -> Place | None:
    """The destination that somebody typed by name."""
    wanted = words.strip().casefold()
    if not wanted:
        return None
    names = ((each.place, {each.place.name, *map(str, each.place.names.values())}) for each in places)
    return next((each for each, known in names if wanted in {name.casefold() for name in known}), None)


def _card(row: Found, asked: Asked, picture: Picture | None) -> StayCard:
    product = row.house.product
    query = {
        "variant": row.rate.pk,
        "choice.check_in": asked.check_in,
        "choice.check_out": asked.check_out,
        "choice.adults": asked.adults,
        "choice.children": asked.children,
        "quantity": asked.rooms,
    }
    return StayCard(
        found=row,
        picture=picture,
        url=f"{product_url(product)}?{urlencode(query)}",
        total=Money(row.total, product.currency),
        per_night=Money(row.pick.unit_price // asked.nights, product.currency),
        facilities=facilities_of(row.house.facilities)[:FACILITIES_SHOWN],
    )
