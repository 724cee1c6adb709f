"""What a departure may be and what a seat on it costs: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import available_timezones

from wanku.kernel.money import AMOUNT_MAX
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kernel.text import clean

PLACE_MAX, POINT_MAX = 40, 120
SEATS_MAX = 2_000
"""Seats of one cabin: above the largest ferry."""
MINIMUM_MAX = 1_000
AHEAD_MAX = timedelta(days=730)
"""How far ahead departures may be offered."""
LENGTH_MAX = timedelta(days=180)
HOURS_MAX = 24 * 90
TABLE_MAX = 8

NO_DEPARTURE: Final = Code(
    "no_departure", gettext_noop("This departure is not on offer. Please choose another one."), 409
)
NOT_GOING: Final = Code(
    "departure_cancelled", gettext_noop("This departure was cancelled. Please choose another one."), 409
)
SALE_OVER: Final = Code("sale_over", gettext_noop("Sales for this departure ended on %(at)s."), 409)
NOT_ABOARD: Final = Code("not_aboard", gettext_noop("“%(title)s” is not sold as chosen on this departure."), 409)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A departure as one variant is sold on it; moments are aware, the price in minor units.

    Attributes:
        words: what is frozen with a line, JSON.
    """

    id: int
    state: str
    starts_at: datetime
    ends_at: datetime
    sale_until: datetime
    minimum: int
    decide_at: datetime | None
    price: int | None
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one variant: its departures by id, and the terms of its product."""

    leaving: Mapping[int, Leaving]
    cancellation: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class CabinData:
    """What a desk says of a cabin: seats in all, and the price where it is not the variant's (minor units)."""

    variant_id: int
    seats: int
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """What a desk says of a departure besides its moments.

    Attributes:
        zone_from, zone_to: IANA names.
        sale_hours: how long before the start sales end.
        minimum: seats that must be paid, 1 when it goes in any case.
        decide_hours: how long before the start that is decided.
    """

    origin: str
    destination: str
    zone_from: str
    zone_to: str
    cabins: tuple[CabinData, ...]
    meeting_point: str = ""
    sale_hours: int = 2
    minimum: int = 1
    decide_hours: int = 72


def check_journey(told: Journey) -> list[Refusal]:
    """Everything that is wrong with it, by field."""
    found: list[Refusal] = []

    def unless(fine: bool, name: str, problem: str) -> None:  # noqa: FBT001 - reads as a sentence
        if not fine:
            found.append(Refusal(BAD_VALUE, field=name, problem=problem))

    for name in ("origin", "destination"):
        unless(
            1 <= len(clean(getattr(told, name))) <= PLACE_MAX,
            name,
            gettext_noop("Write a place of 1 to 40 characters."),
        )
    unless(len(clean(told.meeting_point)) <= POINT_MAX, "meeting_point", gettext_noop("At most 120 characters."))
    for name in ("zone_from", "zone_to"):
        unless(getattr(told, name) in available_timezones(), name, gettext_noop("Choose a time zone from the list."))
    for name in ("sale_hours", "decide_hours"):
        unless(0 <= getattr(told, name) <= HOURS_MAX, name, gettext_noop("From 0 to 2,160 hours."))
    unless(1 <= told.minimum <= MINIMUM_MAX, "minimum", gettext_noop("From 1 to 1,000 seats."))
    unless(bool(told.cabins), "cabins", gettext_noop("Sell at least one cabin or group on it."))
    for cabin in told.cabins:
        found += check_cabin(cabin)
    if told.cabins and 1 <= told.minimum <= MINIMUM_MAX:
        seats = sum(cabin.seats for cabin in told.cabins)
        unless(told.minimum <= seats, "minimum", gettext_noop("The minimum group is larger than the number of seats."))
    return found


def check_cabin(told: CabinData) -> list[Refusal]:
    """What is wrong with one cabin; fields are ``cabins.<variant>.<name>``."""
    found = []
    place = f"cabins.{told.variant_id}"
    if not 0 <= told.seats <= SEATS_MAX:
        found.append(Refusal(BAD_VALUE, field=f"{place}.seats", problem=gettext_noop("From 0 to 2,000 seats.")))
    if told.price is not None and not 0 < told.price <= AMOUNT_MAX:
        found.append(Refusal(BAD_VALUE, field=f"{place}.price", problem=gettext_noop("Write a price above zero.")))
    return found


def check_moments(starts_at: datetime, ends_at: datetime, *, now: datetime) -> list[Refusal]:
    """Whether a departure may leave and arrive then."""
    if starts_at <= now:
        return [Refusal(BAD_VALUE, field="starts", problem=gettext_noop("It must leave in the future."))]
    if starts_at - now > AHEAD_MAX:
        return [Refusal(BAD_VALUE, field="starts", problem=gettext_noop("At most two years ahead."))]
    if not timedelta(0) < ends_at - starts_at <= LENGTH_MAX:
        return [
            Refusal(BAD_VALUE, field="ends", problem=gettext_noop("It must arrive after it left, within 180 days."))
        ]
    return []


def check_table(rows: Sequence[Mapping[str, int]]) -> list[dict[str, int]]:
    """A table of notice, from long to short, as it is stored.

    Raises:
        Refusal: ``bad_value`` on ``cancellation``.
    """

    def refuse(problem: str) -> Refusal:
        return Refusal(BAD_VALUE, field="cancellation", problem=problem)

    if len(rows) > TABLE_MAX:
        raise refuse(gettext_noop("At most eight rows."))
    for row in rows:
        if not (0 <= row["hours"] <= 24 * 365 and 0 <= row["bp"] <= 10_000):
            raise refuse(gettext_noop("Hours from 0 to 8,760 and fees from 0 to 100 percent."))
    ordered = sorted(({"hours": row["hours"], "bp": row["bp"]} for row in rows), key=lambda row: -row["hours"])
    if len({row["hours"] for row in ordered}) < len(ordered):
        raise refuse(gettext_noop("Two rows have the same hours."))
    if any(later["bp"] < earlier["bp"] for earlier, later in pairwise(ordered)):
        raise refuse(gettext_noop("Cancelling later must not cost less than cancelling earlier."))
    return ordered
