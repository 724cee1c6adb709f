"""What a night costs, and what a stay costs: pure, from the facts of a variant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, Final

from wanku.kernel.money import portion
from wanku.kinds.notice import WHOLE
from wanku.kinds.pick import Part

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price for nights, with other ones for some days of the week; minor units.

    Attributes:
        weekdays: seven from Monday, each a price or none; or empty.
    """

    price: int
    weekdays: tuple[int | None, ...] = ()

    def on(self, night: date) -> int:
        """The price of a night that begins on this day."""
        special = self.weekdays[night.weekday()] if self.weekdays else None
        return self.price if special is None else special


@dataclass(frozen=True, slots=True)
class SeasonFacts:
    """A season, first and last night included."""

    first: date
    last: date
    tariff: Tariff
    min_nights: int | None = None


@dataclass(frozen=True, slots=True)
class NightFacts:
    """What is special about one night."""

    price: int | None = None
    closed: bool = False
    min_nights: int | None = None


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room type as it is on offer; fields as in `wanku.kinds.stay.models.RoomType`. Seasons stand in order."""

    room_id: int
    name: str
    included: int
    most: int
    adult_fee: int
    child_fee: int
    tariff: Tariff
    seasons: tuple[SeasonFacts, ...] = ()
    nights: Mapping[date, NightFacts] = field(default_factory=dict)

    def season_of(self, night: date) -> SeasonFacts | None:
        """The season that a night lies in."""
        return next((season for season in self.seasons if season.first <= night <= season.last), None)

    def price_of(self, night: date) -> int:
        """A single date before a season before the day of the week before the usual price."""
        special = self.nights.get(night)
        if special is not None and special.price is not None:
            return special.price
        season = self.season_of(night)
        return (season.tariff if season else self.tariff).on(night)

    def closed_on(self, night: date) -> bool:
        """Whether the house does not sell this night."""
        special = self.nights.get(night)
        return special is not None and special.closed

    def min_nights_from(self, first: date) -> int:
        """The shortest stay that may begin here."""
        special, season = self.nights.get(first), self.season_of(first)
        if special is not None and special.min_nights is not None:
            return special.min_nights
        return (season.min_nights if season else None) or 1


@dataclass(frozen=True, slots=True)
class StayFacts:
    """All that pricing a stay needs; fields as in `wanku.kinds.stay.models`."""

    room: RoomFacts
    zone: str
    check_in: time
    check_out: time
    address: str
    meal: str
    percent_bp: int
    plus: int
    min_nights: int
    max_nights: int
    notice: Sequence[Mapping[str, int]]
    long_stays: tuple[tuple[int, int], ...] = ()

    def night_price(self, night: date) -> int:
        """What this rate takes for a night, without extra guests; never below one minor unit."""
        return rate_price(self.room.price_of(night), self.percent_bp, self.plus)

    def extra_guests(self, adults: int, children: int) -> tuple[int, int]:
        """Adults and children beyond those included; adults take the included places first."""
        more_adults = max(0, adults - self.room.included)
        return more_adults, max(0, adults + children - self.room.included) - more_adults


def rate_price(room_price: int, percent_bp: int, plus: int) -> int:
    """A rate's price of a night from the room's; minor units, at least one."""
    return max(1, portion(room_price, WHOLE + percent_bp, WHOLE) + plus)


def nights_between(check_in: date, check_out: date) -> list[date]:
    """The nights of a stay, by the day that each begins on."""
    return [check_in + n * ONE_DAY for n in range((check_out - check_in).days)]


def parts_of(facts: StayFacts, nights: Sequence[date], adults: int, children: int, currency: str) -> tuple[Part, ...]:
    """The composition for one room: each night, extra guests, what is off for a long stay."""
    parts = [
        Part("night", facts.night_price(night), {"date": night.isoformat(), "currency": currency}) for night in nights
    ]
    sum_of_nights = sum(part.amount for part in parts)
    more_adults, more_children = facts.extra_guests(adults, children)
    for code, guests, fee in (
        ("extra_adults", more_adults, facts.room.adult_fee),
        ("extra_children", more_children, facts.room.child_fee),
    ):
        if guests and fee:
            told = {"guests": guests, "nights": len(nights), "fee": fee, "currency": currency}
            parts.append(Part(code, guests * fee * len(nights), told))
    reached = max((row for row in facts.long_stays if row[0] <= len(nights)), default=None)
    if reached is not None and reached[1]:
        told = {"nights": reached[0], "bp": reached[1], "currency": currency}
        parts.append(Part("long_stay", -portion(sum_of_nights, reached[1], WHOLE), told))
    return tuple(parts)


def total_of(parts: Sequence[Part]) -> int:
    """Minor units for one room."""
    return sum(part.amount for part in parts)


def supply_key(room_id: int, night: date) -> str:
    """The counter of a room type and night, shared by all its rates."""
    return f"night:{room_id}:{night.isoformat()}"


def weekdays_of(stored: Sequence[Any]) -> tuple[int | None, ...]:
    """Prices by day of the week as they are stored."""
    return tuple(stored) if len(stored) == 7 else ()
