"""Houses, rooms and calendars of a shop, as its desk shows them."""

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wanku.catalog.models import Product, ProductState
from wanku.catalog.sheets.stream import Cell
from wanku.inventory.models import Supply
from wanku.kernel.money import Money, major
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.stay.load import room_facts
from wanku.kinds.stay.models import Property, RoomType
from wanku.kinds.stay.open_nights import nights_ahead
from wanku.kinds.stay.prices import ONE_DAY, NightFacts, supply_key


@dataclass(frozen=True, slots=True)
class NightRow:
    """One night of a room type; minor units.

    Attributes:
        price: of the room, before rates; ``special`` when it was set for this night alone.
        season: name of the season that it lies in, or empty.
        rooms, free, booked: counts; none before the night is open. Booked are held and sold ones.
    """

    date: date
    price: int
    special: bool
    season: str
    closed: bool
    min_nights: int
    rooms: int | None
    free: int
    booked: int
    outside: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a room type in weeks from Monday, and the months around it as ``2026-12``."""

    first: date
    weeks: Sequence[Sequence[NightRow]]
    before: str
    after: str


def stay_product(merchant_id: int, product_id: int) -> Product:
    """A product of the shop.

    Raises:
        Refusal: ``not_found``.
    """
    rows = Product.objects.filter(merchant_id=merchant_id, pk=product_id).exclude(state=ProductState.REMOVED)
    product = rows.first()
    if product is None:
        raise Refusal(NOT_FOUND)
    return product


def house_of(merchant_id: int, product_id: int) -> Property:
    """A house of the shop, with its product and destination.

    Raises:
        Refusal: ``not_found``.
    """
    product = stay_product(merchant_id, product_id)
    house = Property.objects.filter(pk=product.pk).select_related("product", "place").first()
    if house is None:
        raise Refusal(NOT_FOUND)
    return house


def room_types(house: Property) -> list[RoomType]:
    """Room types on offer with their rates: two statements."""
    return list(house.room_types.filter(is_active=True).prefetch_related("rates__variant", "seasons"))


def month_of(room: RoomType, first: date) -> Month:
    """A month of a room type: three statements."""
    days = list(calendar.Calendar().itermonthdates(first.year, first.month))
    facts = room_facts({room.pk: room})[room.pk]
    keys = {supply_key(room.pk, day): day for day in days}
    supplies = {keys[supply.key]: supply for supply in Supply.objects.filter(key__in=list(keys))}
    names = {season.pk: season for season in room.seasons.all()}
    rows = []
    for day in days:
        special, supply = facts.nights.get(day), supplies.get(day)
        season = next((each.name for each in names.values() if each.first <= day <= each.last), "")
        rows.append(
            NightRow(
                date=day,
                price=facts.price_of(day),
                special=special is not None and special.price is not None,
                season=season,
                closed=facts.closed_on(day),
                min_nights=facts.min_nights_from(day),
                rooms=supply.put_in if supply else None,
                free=supply.free if supply else 0,
                booked=supply.held + supply.sold if supply else 0,
                outside=day.month != first.month,
            )
        )
    weeks = [rows[at : at + 7] for at in range(0, len(rows), 7)]
    return Month(first, weeks, f"{first - ONE_DAY:%Y-%m}", f"{(first + 31 * ONE_DAY):%Y-%m}")


def month_asked(text: str, house: Property, *, now: datetime) -> date:
    """The first day of the month that was asked for, ``2026-12``; else of the current one at the house."""
    today = nights_ahead(house, now=now)[0]
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year <= 2999 else today.replace(day=1)


def free_by_room(rooms: Sequence[RoomType], night: date) -> Mapping[int, int]:
    """Free rooms of a night by room type."""
    keys = {supply_key(room.pk, night): room.pk for room in rooms}
    found = Supply.objects.filter(key__in=list(keys)).values_list("key", "free")
    return {keys[key]: free for key, free in found}


def calendar_rows(house: Property, *, now: datetime) -> Iterator[Sequence[Cell]]:
    """Every night on sale of every room type, as a table can be sent back: room, day, own price, closed, rooms, fewest
    nights, and the price that holds without one of its own.
    """
    nights = nights_ahead(house, now=now)[: house.ahead_days]
    for room in room_types(house):
        facts = room_facts({room.pk: room})[room.pk]
        keys = {supply_key(room.pk, night): night for night in nights}
        counts = {keys[key]: rooms for key, rooms in _put_in(keys)}
        for night in nights:
            special = facts.nights.get(night, NightFacts())
            season = facts.season_of(night)
            yield (
                room.name,
                night.isoformat(),
                major(Money(special.price, "CNY")) if special.price is not None else "",
                "yes" if special.closed else "no",
                counts.get(night, 0),
                special.min_nights or "",
                major(Money((season.tariff if season else facts.tariff).on(night), "CNY")),
            )


def _put_in(keys: Iterable[str]) -> Iterable[tuple[str, int]]:
    return Supply.objects.filter(key__in=list(keys)).values_list("key", "put_in")
