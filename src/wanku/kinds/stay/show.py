"""What the product page of a house shows: its rooms with what they cost for the days asked for, and a calendar."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from wanku.files.models import Picture
from wanku.files.queries import pictures_by_id
from wanku.kernel.money import Money, major
from wanku.kernel.refusal import Refusal
from wanku.kinds.notice_words import notice_words
from wanku.kinds.pick import Pick
from wanku.kinds.stay.asking import Asked, read_asked
from wanku.kinds.stay.booking import pick_stay
from wanku.kinds.stay.days import day_letters
from wanku.kinds.stay.free import free_nights
from wanku.kinds.stay.load import room_facts, stay_facts
from wanku.kinds.stay.models import Property, Rate, RoomType
from wanku.kinds.stay.prices import ONE_DAY, RoomFacts, StayFacts, nights_between
from wanku.kinds.stay.words import Facility, facilities_of

MONTHS_SHOWN = 2
KEPT = frozenset({"variant", "quantity", "add_on", "choice.adults", "choice.children"})


@dataclass(frozen=True, slots=True)
class RateShown:
    """One way to book a room for the days asked for.

    Attributes:
        pick: price and parts for one room, or none when ``refusal`` says why not.
        left: rooms that are free for all nights.
    """

    rate: Rate
    pick: Pick | None
    refusal: Refusal | None
    left: int
    total: int
    per_night: int

    @property
    def bookable(self) -> bool:
        """Whether it can be had as asked."""
        return self.pick is not None and self.left > 0

    @property
    def terms(self) -> str:
        """What cancelling costs, in the reader's words."""
        return " ".join(notice_words(self.rate.notice))


@dataclass(frozen=True, slots=True)
class RoomShown:
    """A room type with its rates, cheapest first."""

    room: RoomType
    pictures: Sequence[Picture]
    facilities: Sequence[tuple[str, Facility]]
    rates: Sequence[RateShown]


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day of the calendar.

    Attributes:
        price: of the cheapest night that begins on it, minor units; none when nothing is free.
        short: the same in whole major units, for a narrow cell.
        query: address of the page with a stay as long as the one asked for, from this day on.
    """

    date: date
    price: int | None
    short: str
    query: str
    outside: bool
    chosen: bool
    over: bool


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A month in weeks from Monday."""

    first: date
    weeks: Sequence[Sequence[DayShown]]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What was read for one page."""

    rates: Sequence[Rate]
    offers: Mapping[int, StayFacts]
    asked: Asked
    free: Mapping[tuple[int, date], int]
    currency: str
    today: date
    now: datetime
    kept: Mapping[str, str]


def show_stay(product_id: int, typed: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
    """House, rooms, what was asked, and two months: six statements. Nothing for a product that is not set up."""
    house = Property.objects.select_related("place", "product").filter(pk=product_id).first()
    if house is None:
        return {}
    rates = list(
        Rate.objects.filter(room__property=house, room__is_active=True, variant__is_active=True)
        .select_related("room__property")
        .order_by("room__position", "room_id", "position")
    )
    facts = room_facts({rate.room_id: rate.room for rate in rates})
    asked = read_asked(typed, zone=house.zone, now=now)
    months = _months(asked.check_in, MONTHS_SHOWN)
    wanted = {day for month in months for day in month} | set(nights_between(asked.check_in, asked.check_out))
    scene = _Scene(
        rates=rates,
        offers={rate.pk: stay_facts(rate, facts[rate.room_id]) for rate in rates},
        asked=asked,
        free=free_nights(facts, wanted),
        currency=house.product.currency,
        today=now.astimezone(ZoneInfo(house.zone)).date(),
        now=now,
        kept={name: text for name, text in typed.items() if name in KEPT},
    )
    return {
        "house": house,
        "facilities": facilities_of(house.facilities),
        "asked": asked,
        "rooms": (rooms := _rooms(scene)),
        "chosen": _chosen(rooms, typed.get("variant", "")),
        "weekdays": day_letters(),
        "months": [_month(scene, month) for month in months],
        "today": scene.today,
        "last": scene.today + house.ahead_days * ONE_DAY,
        "currency": scene.currency,
    }


def _chosen(rooms: Sequence[RoomShown], typed: str) -> int | None:
    """The variant that is ticked: what was asked for while it can be had, else the first that can."""
    able = [rate.rate.pk for room in rooms for rate in room.rates if rate.bookable]
    return next((pk for pk in able if str(pk) == typed), min(able, default=None))


def _rooms(scene: _Scene) -> list[RoomShown]:
    pictures = pictures_by_id(UUID(key) for rate in scene.rates for key in rate.room.pictures)
    rooms: dict[int, tuple[RoomType, list[RateShown]]] = {}
    for rate in scene.rates:
        rooms.setdefault(rate.room_id, (rate.room, []))[1].append(_rate(scene, rate))
    return [
        RoomShown(
            room,
            [pictures[UUID(key)] for key in room.pictures if UUID(key) in pictures],
            facilities_of(room.facilities),
            sorted(mine, key=lambda shown: (not shown.bookable, shown.total, shown.rate.pk)),
        )
        for room, mine in rooms.values()
    ]


def _rate(scene: _Scene, rate: Rate) -> RateShown:
    asked = scene.asked
    nights = nights_between(asked.check_in, asked.check_out)
    left = min((scene.free.get((rate.room_id, night), 0) for night in nights), default=0)
    try:
        pick = pick_stay(scene.offers[rate.pk], asked.choice, asked.rooms, currency=scene.currency, now=scene.now)
    except Refusal as refusal:
        return RateShown(rate, None, refusal, left, 0, 0)
    return RateShown(rate, pick, None, left, pick.unit_price * asked.rooms, pick.unit_price // len(nights))


def _months(day: date, count: int) -> list[list[date]]:
    """Days of this month and those after it, in full weeks."""
    found = []
    year, month = day.year, day.month
    for _ in range(count):
        found.append(list(calendar.Calendar().itermonthdates(year, month)))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def _month(scene: _Scene, days: Sequence[date]) -> MonthShown:
    # The middle of what a month's weeks cover lies in that month.
    first = days[len(days) // 2].replace(day=1)
    shown = [_day(scene, day, first.month) for day in days]
    return MonthShown(first, [shown[at : at + 7] for at in range(0, len(shown), 7)])


def _day(scene: _Scene, day: date, month: int) -> DayShown:
    asked, over = scene.asked, day < scene.today
    prices = [facts.night_price(day) for facts in scene.offers.values() if _has_room(facts.room, day, scene.free)]
    price = None if over else min(prices, default=None)
    days = {"choice.check_in": day, "choice.check_out": day + asked.nights * ONE_DAY}
    return DayShown(
        date=day,
        price=price,
        short="" if price is None else str(round(major(Money(price, scene.currency)))),
        query=urlencode({**scene.kept, **days}),
        outside=day.month != month,
        chosen=asked.given and asked.check_in <= day < asked.check_out,
        over=over,
    )


def _has_room(room: RoomFacts, day: date, free: Mapping[tuple[int, date], int]) -> bool:
    return free.get((room.room_id, day), 0) > 0 and not room.closed_on(day)
