"""Houses, rooms and nights as the API shows them."""

from datetime import date, datetime, timedelta

from django.db.models import Count

from wanku.api.shapes.stays import FoundStayShape, NightShape, RateShape, RoomTypeShape, StayPlaceShape, StaySearch
from wanku.catalog.models import Product, ProductState
from wanku.inventory.models import Supply
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.kinds.stay.asking import Asked
from wanku.kinds.stay.booking import NIGHTS_MAX
from wanku.kinds.stay.load import room_facts
from wanku.kinds.stay.models import Place, Property, RoomType
from wanku.kinds.stay.open_nights import nights_ahead
from wanku.kinds.stay.prices import supply_key
from wanku.kinds.stay.search import search_stays
from wanku.merchants.models import SELLING_STATES

BAD_DAYS = gettext_noop("From 1 to 90 nights, between the years 2000 and 2999.")


def places() -> list[StayPlaceShape]:
    """Destinations with houses on sale: two statements."""
    offered = Property.objects.filter(product__state=ProductState.ON_SALE, merchant__state__in=SELLING_STATES)
    counts = dict(offered.values_list("place").annotate(houses=Count("pk")).order_by())
    rows = Place.objects.filter(is_hidden=False).in_bulk(counts)
    found = [StayPlaceShape(id=pk, name=place.label, houses=counts[pk]) for pk, place in rows.items()]
    return sorted(found, key=lambda place: (-place.houses, place.id))


def found(wanted: StaySearch, *, now: datetime) -> list[FoundStayShape]:
    """Houses that are free, cheapest first.

    Raises:
        Refusal: ``bad_value`` for days that make no stay.
    """
    first, last = wanted.check_in, wanted.check_out
    fine = all(2000 <= day.year <= 2999 for day in (first, last))
    if not fine or not 1 <= (last - first).days <= NIGHTS_MAX:
        raise Refusal(BAD_VALUE, field="check_out", problem=BAD_DAYS)
    asked = Asked(first, last, wanted.adults, wanted.children, wanted.rooms, given=True)
    facilities = [wanted.facility] if wanted.facility else []
    rows = search_stays([wanted.place], asked, budget=wanted.budget, facilities=facilities, now=now)
    return [
        FoundStayShape(
            product_id=row.house.pk,
            title=row.house.product.title,
            merchant=row.house.product.merchant.slug,
            place=row.house.place.label,
            address=row.house.address,
            zone=row.house.zone,
            room=row.rate.room.name,
            rate=row.rate.name,
            meal=row.rate.meal,
            variant_id=row.rate.pk,
            total=row.total,
            currency=row.house.product.currency,
            rooms_left=row.left,
        )
        for row in rows
    ]


def own_product(merchant_id: int, product_id: int) -> None:
    """Nothing, if the shop has it.

    Raises:
        Refusal: ``not_found``.
    """
    if not Product.objects.filter(merchant_id=merchant_id, pk=product_id).exists():
        raise Refusal(NOT_FOUND)


def rooms(merchant_id: int, house_id: int) -> list[RoomTypeShape]:
    """Room types on offer.

    Raises:
        Refusal: ``not_found``.
    """
    house = Property.objects.filter(merchant_id=merchant_id, pk=house_id).first()
    if house is None:
        raise Refusal(NOT_FOUND)
    return [_room(row) for row in house.room_types.filter(is_active=True).prefetch_related("rates__variant")]


def room(merchant_id: int, house_id: int, room_id: int) -> RoomTypeShape:
    """One room type on offer.

    Raises:
        Refusal: ``not_found``.
    """
    return _room(_own_room(merchant_id, house_id, room_id))


def nights(
    merchant_id: int, house_id: int, room_id: int, first: date | None, days: int, *, now: datetime
) -> list[NightShape]:
    """Nights of a room type from a day on, today at the house where none is said.

    Raises:
        Refusal: ``not_found``, ``bad_value``.
    """
    row = _own_room(merchant_id, house_id, room_id)
    first = first or nights_ahead(row.property, now=now)[0]
    if not 2000 <= first.year <= 2998:
        raise Refusal(BAD_VALUE, field="first", problem=BAD_DAYS)
    facts = room_facts({row.pk: row})[row.pk]
    dates = [first + timedelta(days=n) for n in range(days)]
    keys = {supply_key(row.pk, day): day for day in dates}
    counts = {keys[s.key]: s for s in Supply.objects.filter(key__in=list(keys))}
    return [
        NightShape(
            date=day,
            price=facts.price_of(day),
            closed=facts.closed_on(day),
            min_nights=facts.min_nights_from(day),
            rooms=counts[day].put_in if day in counts else None,
            free=counts[day].free if day in counts else 0,
        )
        for day in dates
    ]


def _own_room(merchant_id: int, house_id: int, room_id: int) -> RoomType:
    mine = RoomType.objects.filter(merchant_id=merchant_id, property_id=house_id, is_active=True)
    found_room = mine.select_related("property").prefetch_related("rates__variant").filter(pk=room_id).first()
    if found_room is None:
        raise Refusal(NOT_FOUND)
    return found_room


def _room(row: RoomType) -> RoomTypeShape:
    rates = [
        RateShape(variant_id=rate.pk, name=rate.name, meal=rate.meal, price=rate.variant.price)
        for rate in row.rates.all()
        if rate.variant.is_active
    ]
    return RoomTypeShape(id=row.pk, name=row.name, rooms=row.rooms, price=row.price, rates=rates)
