"""Stays: houses that are found, and what a shop says of its own."""

from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool

from wanku.api.fields import (
    Amount,
    Body,
    Clock,
    Day,
    FilledLine,
    Id,
    Line,
    Lines,
    PathId,
    Plain,
    QueryAmount,
    QueryInt,
    Shape,
)

Few = Annotated[int, Field(strict=True, ge=1, le=999)]
MealName = Literal["none", "breakfast", "half", "full"]
WeekPrices = Annotated[list[Amount | None], Field(max_length=7)]
Codes = Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=60)]


class StayPlaceShape(Shape):
    """A destination with houses on sale."""

    id: int
    name: str
    houses: int


class StaySearch(Body):
    """Where to, when, for how many."""

    place: PathId = Field(description="Id of a destination.")
    check_in: Day
    check_out: Day
    adults: QueryInt = Field(2, ge=1, le=20, description="In each room.")
    children: QueryInt = Field(0, ge=0, le=20, description="In each room.")
    rooms: QueryInt = Field(1, ge=1, le=20)
    budget: QueryAmount | None = Field(None, description="For the whole stay, minor units.")
    facility: Plain | None = Field(None, max_length=20, description="A code that the house must have.")


class FoundStayShape(Shape):
    """A house that is free for all nights, with its cheapest way to stay there."""

    product_id: int
    title: str
    merchant: str = Field(description="Slug of the shop.")
    place: str
    address: str
    zone: str
    room: str
    rate: str
    meal: str = Field(description="`none`, `breakfast`, `half` or `full`.")
    variant_id: int = Field(description="Order this one, with the days and guests as `choice`.")
    total: int = Field(description="For all rooms and nights, minor units.")
    currency: str
    rooms_left: int


class NightsAsked(Body):
    """From which day on, and how many."""

    first: Day | None = Field(None, description="Today at the house, if empty.")
    days: QueryInt = Field(31, ge=1, le=100)


class NightShape(Shape):
    """A night of a room type."""

    date: date
    price: int = Field(description="Of the room, before rates; minor units.")
    closed: bool
    min_nights: int
    rooms: int | None = Field(description="On sale altogether; empty before the night is open.")
    free: int


class HouseBody(Body):
    """Where a house is, when guests come and leave."""

    place: FilledLine = Field(max_length=60)
    address: FilledLine = Field(max_length=200)
    zone: str = Field("Asia/Shanghai", max_length=40, description="IANA name of the time zone.")
    check_in: Clock = time(15)
    check_out: Clock = time(12)
    phone: Line = Field("", max_length=30)
    stars: Annotated[int, Field(strict=True, ge=1, le=5)] | None = None
    facilities: Codes = Field(default_factory=list)
    rules: Lines = Field("", max_length=2000)
    ahead_days: Annotated[int, Field(strict=True, ge=1, le=500)] = 365


class StayNoticeRow(Body):
    """At least so many hours before check-in, so much of what was paid is kept."""

    hours: Annotated[int, Field(strict=True, ge=0, le=2160)]
    bp: Annotated[int, Field(strict=True, ge=0, le=10_000, description="Basis points.")]


class LongStayRow(Body):
    """From so many nights on, so much is off."""

    nights: Annotated[int, Field(strict=True, ge=2, le=90)]
    bp: Annotated[int, Field(strict=True, ge=1, le=9_000, description="Basis points.")]


class RateBody(Body):
    """A way to book a room type."""

    name: FilledLine = Field(max_length=40)
    meal: MealName = "none"
    percent_bp: Annotated[int, Field(strict=True, ge=-9_000, le=9_000)] = 0
    plus: Annotated[int, Field(strict=True, ge=-100_000_000, le=100_000_000)] = 0
    notice: Annotated[list[StayNoticeRow], Field(min_length=1, max_length=5)]
    min_nights: Annotated[int, Field(strict=True, ge=1, le=90)] = 1
    max_nights: Annotated[int, Field(strict=True, ge=1, le=90)] = 30
    long_stays: Annotated[list[LongStayRow], Field(max_length=4)] = Field(default_factory=list)
    variant_id: Id | None = Field(None, description="Of a rate that exists; without it the rate is new.")


class RoomBody(Body):
    """A room type with its rates; those that are not in it any more are no longer offered."""

    name: FilledLine = Field(max_length=40)
    rooms: Few
    price: Amount
    rates: Annotated[list[RateBody], Field(min_length=1, max_length=6)]
    about: Line = Field("", max_length=500)
    area: Annotated[int, Field(strict=True, ge=1, le=9999)] | None = None
    beds: Line = Field("", max_length=60)
    pictures: Annotated[list[UUID], Field(max_length=6)] = Field(default_factory=list)
    facilities: Codes = Field(default_factory=list)
    included: Annotated[int, Field(strict=True, ge=1, le=20)] = 2
    most: Annotated[int, Field(strict=True, ge=1, le=20)] = 2
    adult_fee: Amount = 0
    child_fee: Amount = 0
    weekdays: WeekPrices = Field(
        default_factory=list, description="Empty, or seven prices from Monday; null is the usual price."
    )


class RateShape(Shape):
    """A rate with its variant."""

    variant_id: int
    name: str
    meal: str = Field(description="`none`, `breakfast`, `half` or `full`.")
    price: int = Field(description="Of a usual night, minor units.")


class RoomTypeShape(Shape):
    """A room type of a house."""

    id: int
    name: str
    rooms: int
    price: int
    rates: list[RateShape]


class PaintBody(Body):
    """What becomes of a range of nights; what is left out stays as it is."""

    first: Day
    last: Day
    weekdays: Annotated[list[Annotated[int, Field(strict=True, ge=0, le=6)]], Field(max_length=7)] = Field(
        default_factory=list
    )
    price: Amount | None = Field(None, description="0 takes single prices back.")
    closed: StrictBool | None = None
    rooms: Annotated[int, Field(strict=True, ge=0, le=999)] | None = None
    min_nights: Annotated[int, Field(strict=True, ge=0, le=90)] | None = None


class PaintedShape(Shape):
    """How many nights were meant."""

    nights: int
