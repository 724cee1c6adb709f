"""Journeys: departures that are found, and what a shop says of its own."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from wanku.api.fields import Amount, Body, Clock, Day, FilledLine, Id, Line, Plain, QueryAmount, QueryInt, Shape
from wanku.kinds.seat import rules
from wanku.kinds.seat.search import Sort
from wanku.kinds.seat.series import DAYS_MAX

Hours = Annotated[int, Field(strict=True, ge=0, le=rules.HOURS_MAX)]
Seats = Annotated[int, Field(strict=True, ge=0, le=rules.SEATS_MAX)]
Weekday = Annotated[int, Field(strict=True, ge=0, le=6)]


class JourneySearch(Body):
    """From where to where, when, for how many."""

    origin: Plain | None = Field(None, max_length=rules.PLACE_MAX, description="Part of the name of a place.")
    destination: Plain | None = Field(None, max_length=rules.PLACE_MAX, description="Part of the name of a place.")
    day: Day | None = Field(None, description="The first day of leaving, on the clock of the place.")
    only_day: bool = Field(default=False, description="On that day alone.")
    people: QueryInt = Field(1, ge=1, le=99, description="Seats in one cabin.")
    budget: QueryAmount | None = Field(None, description="For each, minor units.")
    sort: Sort = Sort.TIME


class BerthShape(Shape):
    """A cabin or group on a departure."""

    variant_id: int = Field(description='Order this one, with `{"departure": id}` as `choice`.')
    label: str
    price: int = Field(description="For each seat, minor units.")
    free: int


class DepartureShape(Shape):
    """A departure. Moments are in UTC; the zones are those of the places."""

    id: int
    product_id: int
    title: str
    merchant: str = Field(description="Slug of the shop.")
    state: Literal["open", "confirmed", "cancelled"] = Field(description="`open` waits for its minimum group.")
    origin: str
    destination: str
    meeting_point: str
    starts_at: datetime
    ends_at: datetime
    zone_from: str
    zone_to: str
    sale_until: datetime
    minimum: int
    missing: int = Field(description="Seats that must still be paid by `decide_at` so that it goes.")
    decide_at: datetime | None
    currency: str
    cabins: list[BerthShape]


class DeparturesShape(Shape):
    """New departures."""

    items: list[DepartureShape]


class SeatNoticeRow(Body):
    """At least so many hours before the start, so much of what was paid is kept."""

    hours: Annotated[int, Field(strict=True, ge=0, le=8_760)]
    bp: Annotated[int, Field(strict=True, ge=0, le=10_000, description="Basis points.")]


class SeatTermsBody(Body):
    """What holds for every departure of a product."""

    real_name: bool = Field(strict=True, description="Ask for a document and date of birth of every traveller.")
    cancellation: Annotated[list[SeatNoticeRow], Field(max_length=rules.TABLE_MAX)]


class CabinBody(Body):
    """Seats of a cabin in all, and its price where it is not the variant's."""

    seats: Seats
    price: Amount | None = Field(None, description="For each seat, minor units; null is the variant's.")


class NewCabinBody(CabinBody):
    """A variant that is sold on the departures."""

    variant_id: Id


class DeparturesBody(Body):
    """Departures at the same wall time on some days."""

    origin: FilledLine = Field(max_length=rules.PLACE_MAX)
    destination: FilledLine = Field(max_length=rules.PLACE_MAX)
    zone_from: FilledLine = Field(max_length=40, description="IANA name.")
    zone_to: FilledLine = Field(max_length=40, description="IANA name.")
    meeting_point: Line = Field("", max_length=rules.POINT_MAX)
    first: Day
    last: Day | None = Field(None, description="Null for one departure.")
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = Field(
        default_factory=list, description="0 is Monday; none means every day."
    )
    leaves: Clock = Field(description="On the clock of the origin.")
    arrives: Clock = Field(description="On the clock of the destination.")
    days: Annotated[int, Field(strict=True, ge=-1, le=DAYS_MAX)] = Field(
        0, description="Calendar days until it arrives."
    )
    sale_hours: Hours = Field(2, description="How long before the start sales end.")
    minimum: Annotated[int, Field(strict=True, ge=1, le=rules.MINIMUM_MAX)] = 1
    decide_hours: Hours = Field(72, description="How long before the start it is decided whether it goes.")
    cabins: Annotated[list[NewCabinBody], Field(min_length=1, max_length=20)]


class CallOffBody(Body):
    """Why a departure does not go; its travellers read it."""

    because: FilledLine = Field(max_length=200)
