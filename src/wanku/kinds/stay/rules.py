"""What a shop may say of its houses, rooms, rates and calendars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final
from uuid import UUID
from zoneinfo import available_timezones

from wanku.kernel.money import AMOUNT_MAX
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.kinds.stay.booking import GUESTS_MAX, NIGHTS_MAX
from wanku.kinds.stay.words import FACILITIES, Meal

ROOMS_MAX: Final = 999
RATES_MAX: Final = 6
ROOM_TYPES_MAX: Final = 30
PICTURES_MAX: Final = 6
NAME_MAX: Final = 40
AHEAD_MAX: Final = 500
LONG_ROWS_MAX: Final = 4
NOTICE_ROWS_MAX: Final = 5
NOTICE_HOURS_MAX: Final = 24 * 90
SEASONS_MAX: Final = 40
PERCENT_MAX: Final = 9_000

NAME = gettext_noop("A name of 1 to 40 characters is needed.")
PRICE = gettext_noop("The price must be above zero.")


@dataclass(frozen=True, slots=True)
class HouseData:
    """A house as a form has it; fields as in `wanku.kinds.stay.models.Property`."""

    place: str
    address: str
    zone: str = "Asia/Shanghai"
    check_in: time = time(15)
    check_out: time = time(12)
    phone: str = ""
    stars: int | None = None
    facilities: Sequence[str] = ()
    rules: str = ""
    ahead_days: int = 365


@dataclass(frozen=True, slots=True)
class RateData:
    """A rate as a form has it; ``variant_id`` names one that exists.

    Attributes:
        notice: ``(hours, basis points)`` rows.
        long_stays: ``(nights, basis points)`` rows.
    """

    name: str
    meal: str = "none"
    percent_bp: int = 0
    plus: int = 0
    notice: Sequence[tuple[int, int]] = ((24, 0),)
    min_nights: int = 1
    max_nights: int = 30
    long_stays: Sequence[tuple[int, int]] = ()
    variant_id: int | None = None


@dataclass(frozen=True, slots=True)
class RoomData:
    """A room type with its rates, as a form has it; minor units."""

    name: str
    rooms: int
    price: int
    rates: Sequence[RateData]
    about: str = ""
    area: int | None = None
    beds: str = ""
    pictures: Sequence[UUID] = ()
    facilities: Sequence[str] = ()
    included: int = 2
    most: int = 2
    adult_fee: int = 0
    child_fee: int = 0
    weekdays: Sequence[int | None] = ()


@dataclass(frozen=True, slots=True)
class SeasonData:
    """A season as a form has it, both nights included; minor units."""

    name: str
    first: date
    last: date
    price: int
    weekdays: Sequence[int | None] = ()
    min_nights: int | None = None


@dataclass(frozen=True, slots=True)
class Paint:
    """What becomes of a range of nights; what is none stays as it is.

    Attributes:
        first, last: both included.
        weekdays: days of the week that are meant, 0 is Monday; empty means all.
        price: minor units; 0 takes single prices back.
        closed: whether the nights are off sale.
        rooms: on sale altogether.
        min_nights: of stays that begin there; 0 takes it back.
    """

    first: date
    last: date
    weekdays: frozenset[int] = frozenset()
    price: int | None = None
    closed: bool | None = None
    rooms: int | None = None
    min_nights: int | None = None

    @property
    def nothing(self) -> bool:
        """Whether it changes nothing."""
        return self.price is None and self.closed is None and self.rooms is None and self.min_nights is None


def house_problems(data: HouseData) -> list[Refusal]:
    """Everything that is wrong with a house, each with its field."""
    return _said(
        ("place", 1 <= len(clean(data.place)) <= 60, gettext_noop("Name the destination in at most 60 characters.")),
        ("address", 1 <= len(clean(data.address)) <= 200, gettext_noop("An address of at most 200 characters.")),
        ("phone", len(clean(data.phone)) <= 30, gettext_noop("At most 30 characters.")),
        ("zone", data.zone in available_timezones(), gettext_noop("Choose a time zone such as Asia/Shanghai.")),
        ("stars", data.stars is None or 1 <= data.stars <= 5, gettext_noop("From 1 to 5 stars, or none.")),
        ("facilities", set(data.facilities) <= FACILITIES.keys(), gettext_noop("Choose facilities from the list.")),
        ("rules", len(data.rules) <= 2000, gettext_noop("At most 2,000 characters.")),
        ("ahead_days", 1 <= data.ahead_days <= AHEAD_MAX, gettext_noop("From 1 to 500 days ahead.")),
    )


def room_problems(data: RoomData) -> list[Refusal]:
    """Everything that is wrong with a room type and its rates, ``rates.1.name`` for instance."""
    found = _said(
        ("name", 1 <= len(clean(data.name)) <= NAME_MAX, NAME),
        ("rooms", 1 <= data.rooms <= ROOMS_MAX, gettext_noop("From 1 to 999 rooms.")),
        ("price", 1 <= data.price <= AMOUNT_MAX, PRICE),
        ("about", len(clean(data.about)) <= 500, gettext_noop("At most 500 characters.")),
        ("beds", len(clean(data.beds)) <= 60, gettext_noop("At most 60 characters.")),
        ("area", data.area is None or 1 <= data.area <= 9999, gettext_noop("From 1 to 9,999 square metres.")),
        ("included", 1 <= data.included <= GUESTS_MAX, gettext_noop("From 1 to 20 guests.")),
        (
            "most",
            data.included <= data.most <= GUESTS_MAX,
            gettext_noop("Not fewer guests than those included, and at most 20."),
        ),
        ("adult_fee", 0 <= data.adult_fee <= AMOUNT_MAX, gettext_noop("Not below zero.")),
        ("child_fee", 0 <= data.child_fee <= AMOUNT_MAX, gettext_noop("Not below zero.")),
        ("weekdays", _week(data.weekdays), gettext_noop("Each price must be above zero, or empty.")),
        ("facilities", set(data.facilities) <= FACILITIES.keys(), gettext_noop("Choose facilities from the list.")),
        ("pictures", len(data.pictures) <= PICTURES_MAX, gettext_noop("At most six pictures.")),
        ("rates", 1 <= len(data.rates) <= RATES_MAX, gettext_noop("A room type needs 1 to 6 rates.")),
    )
    names = [clean(rate.name) for rate in data.rates]
    for n, rate in enumerate(data.rates[:RATES_MAX]):
        found += _rate_problems(rate, f"rates.{n}", again=names.index(names[n]) != n)
    return found


def season_problems(seasons: Sequence[SeasonData]) -> list[Refusal]:
    """Everything that is wrong with the seasons of a room type."""
    found = _said(("seasons", len(seasons) <= SEASONS_MAX, gettext_noop("At most 40 seasons.")))
    for n, season in enumerate(seasons[:SEASONS_MAX]):
        at = f"seasons.{n}"
        others = (other for other in seasons[:n] if other.first <= season.last and season.first <= other.last)
        found += _said(
            (f"{at}.name", 1 <= len(clean(season.name)) <= NAME_MAX, NAME),
            (f"{at}.last", season.first <= season.last, gettext_noop("The last night lies before the first.")),
            (f"{at}.first", next(others, None) is None, gettext_noop("Two seasons share a night.")),
            (f"{at}.price", 1 <= season.price <= AMOUNT_MAX, PRICE),
            (f"{at}.weekdays", _week(season.weekdays), gettext_noop("Each price must be above zero, or empty.")),
            (f"{at}.min_nights", _few(season.min_nights), gettext_noop("From 1 to 90 nights, or empty.")),
        )
    return found


def paint_problems(paint: Paint, *, today: date, last: date) -> list[Refusal]:
    """Everything that is wrong with a range that shall be painted."""
    return _said(
        ("from", today <= paint.first <= last, gettext_noop("Choose nights that are on sale, from today on.")),
        (
            "to",
            paint.first <= paint.last <= last,
            gettext_noop("The last night lies before the first, or too far ahead."),
        ),
        ("weekdays", paint.weekdays <= set(range(7)), gettext_noop("Choose days of the week.")),
        ("price", paint.price is None or 0 <= paint.price <= AMOUNT_MAX, PRICE),
        ("rooms", paint.rooms is None or 0 <= paint.rooms <= ROOMS_MAX, gettext_noop("From 0 to 999 rooms.")),
        (
            "min_nights",
            paint.min_nights is None or 0 <= paint.min_nights <= NIGHTS_MAX,
            gettext_noop("From 1 to 90 nights, or empty."),
        ),
        ("what", not paint.nothing, gettext_noop("Say what shall change.")),
    )


def _rate_problems(rate: RateData, at: str, *, again: bool) -> list[Refusal]:
    return _said(
        (f"{at}.name", 1 <= len(clean(rate.name)) <= NAME_MAX, NAME),
        (f"{at}.name", not again, gettext_noop("Two rates have the same name.")),
        (f"{at}.meal", rate.meal in Meal.values, gettext_noop("Choose from the list.")),
        (f"{at}.percent", abs(rate.percent_bp) <= PERCENT_MAX, gettext_noop("From −90 to 90 percent.")),
        (f"{at}.plus", abs(rate.plus) <= AMOUNT_MAX, gettext_noop("This amount is too large.")),
        (
            f"{at}.notice",
            _notice(rate.notice),
            gettext_noop("One to five rows: hours of notice up to 90 days, 0 to 100 %."),
        ),
        (f"{at}.min_nights", 1 <= rate.min_nights <= NIGHTS_MAX, gettext_noop("From 1 to 90 nights.")),
        (
            f"{at}.max_nights",
            rate.min_nights <= rate.max_nights <= NIGHTS_MAX,
            gettext_noop("Not fewer than the fewest nights, and at most 90."),
        ),
        (f"{at}.long_stays", _long(rate.long_stays), gettext_noop("At most four rows, from 2 nights on, up to 90 %.")),
    )


def _notice(rows: Sequence[tuple[int, int]]) -> bool:
    hours = [row[0] for row in rows]
    fine = all(0 <= each <= NOTICE_HOURS_MAX and 0 <= bp <= 10_000 for each, bp in rows)
    return 1 <= len(rows) <= NOTICE_ROWS_MAX and len(set(hours)) == len(hours) and fine


def _long(rows: Sequence[tuple[int, int]]) -> bool:
    nights = [row[0] for row in rows]
    fine = all(2 <= each <= NIGHTS_MAX and 1 <= bp <= PERCENT_MAX for each, bp in rows)
    return len(rows) <= LONG_ROWS_MAX and len(set(nights)) == len(nights) and fine


def _week(prices: Sequence[int | None]) -> bool:
    return not prices or (len(prices) == 7 and all(each is None or 1 <= each <= AMOUNT_MAX for each in prices))


def _few(nights: int | None) -> bool:
    return nights is None or 1 <= nights <= NIGHTS_MAX


def _said(*checks: tuple[str, bool, str]) -> list[Refusal]:
    return [Refusal(BAD_VALUE, field=field, problem=problem) for field, fine, problem in checks if not fine]


def days_of(paint: Paint) -> Iterable[date]:
    """The nights that are meant."""
    for ordinal in range(paint.first.toordinal(), paint.last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if not paint.weekdays or day.weekday() in paint.weekdays:
            yield day
