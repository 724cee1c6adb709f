"""Kitchens: how they work, when they are open, and what stands on the menu."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from wanku.api.fields import Amount, Body, Day, FilledLine, Flag, Id, Line, Lines, Shape, Slug
from wanku.kinds.meal.rules import SIZE_WORD

Clock = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="On the shop's clock.", examples=["11:30"]),
]
Few = Annotated[int, Field(strict=True, ge=0, le=20)]
Tag = Literal["new", "loved", "hot", "vegetarian"]


class SizeBody(Body):
    """A size of a dish; the only one needs no name."""

    name: Line = Field("", max_length=40)
    price: Amount


class DishOptionBody(Body):
    """One thing that can be chosen with a dish."""

    name: FilledLine = Field(max_length=40)
    price: Amount = Field(0, le=1_000_000)
    of: Id | None = Field(None, description="The dish that it is, in a combo.")


class GroupBody(Body):
    """What is to be chosen: at least and at most so many of the options."""

    name: FilledLine = Field(max_length=40)
    least: Few = 0
    most: Few = Field(1, ge=1)
    options: list[DishOptionBody] = Field(min_length=1, max_length=20)


class DishBody(Body):
    """A dish of a menu."""

    title: FilledLine = Field(max_length=120)
    category: Slug = "meals"
    sizes: list[SizeBody] = Field(min_length=1, max_length=8)
    size_word: FilledLine = Field(SIZE_WORD, max_length=20, description="What sizes are called.")
    subtitle: Line = Field("", max_length=120)
    description: Lines = Field("", max_length=20_000)
    section_id: Id | None = None
    portions: Annotated[int, Field(strict=True, ge=0, le=100_000)] | None = Field(
        None, description="Of a day; as many as are wanted, if empty."
    )
    tags: list[Tag] = Field([], max_length=4)
    groups: list[GroupBody] = Field([], max_length=12)


class SizeShape(Shape):
    """A size; minor units."""

    name: str
    price: int


class DishOptionShape(Shape):
    """One thing that can be chosen; `of` is the dish that it is."""

    name: str
    price: int
    of: int | None


class GroupShape(Shape):
    """What is to be chosen."""

    name: str
    least: int
    most: int
    options: list[DishOptionShape]


class DishShape(Shape):
    """A dish; its id is that of its product."""

    id: int
    title: str
    subtitle: str
    description: str
    category: str
    section_id: int | None
    sizes: list[SizeShape]
    size_word: str
    portions: int | None
    sold_out: bool = Field(description="By hand, for the day of what is ordered now.")
    tags: list[str]
    groups: list[GroupShape]


class SectionShape(Shape):
    """A part of the menu; without an id what stands in none."""

    id: int | None
    name: str
    dishes: list[DishShape]


class SectionBody(Body):
    """A part of the menu with its dishes in order; a new one without an id."""

    id: Id | None = None
    name: FilledLine = Field(max_length=40)
    dishes: list[Id] = Field([], max_length=500)


class MenuBody(Body):
    """All sections in order."""

    sections: list[SectionBody] = Field(max_length=40)


class SoldOutBody(Body):
    """Whether a dish is sold out today."""

    sold_out: Flag


class KitchenBody(Body):
    """How a kitchen works."""

    capacity: Annotated[int, Field(strict=True, ge=1, le=999, description="Dishes in a quarter of an hour.")]
    prepare_minutes: Annotated[int, Field(strict=True, ge=0, le=240)] = 20
    ahead_days: Annotated[int, Field(strict=True, ge=0, le=14)] = 3
    delivers: Flag = True
    hands_out: Flag = True
    serves: Flag = False


class KitchenShape(Shape):
    """How a kitchen works."""

    capacity: int
    prepare_minutes: int
    ahead_days: int
    delivers: bool
    hands_out: bool
    serves: bool
    paused_until: dt.datetime | None


class PauseBody(Body):
    """For how long nothing more is taken; 0 goes on."""

    minutes: Annotated[int, Field(strict=True, ge=0, le=1440)]


class HoursBody(Body):
    """From when to when; closing at or before the opening is on the next day."""

    opens: Clock
    closes: Clock


class SpecialBody(Body):
    """Days with other hours, or closed without any."""

    first: Day
    last: Day
    hours: HoursBody | None = None
    note: Line = Field("", max_length=60)


class OpeningHours(Body):
    """The week, Monday first, and the days that differ; of several that meet the last one counts."""

    week: list[Annotated[list[HoursBody], Field(max_length=3)]] = Field(max_length=7)
    special: list[SpecialBody] = Field([], max_length=60)


class ZoneBody(Body):
    """Where a shop delivers to, and on what terms; of several that fit an address the first counts."""

    name: FilledLine = Field(max_length=40)
    province: FilledLine = Field(max_length=40)
    city: FilledLine = Field(max_length=40)
    districts: list[Annotated[FilledLine, Field(max_length=40)]] = Field(
        [], max_length=40, description="Of the city; all of it, if empty."
    )
    fee: Amount = Field(0, le=1_000_000)
    minimum: Amount = Field(0, le=1_000_000, description="Of the food, minor units.")
    minutes: Annotated[int, Field(strict=True, ge=0, le=600)] = 30


class Zones(Body):
    """All delivery zones in order."""

    zones: list[ZoneBody] = Field(max_length=30)
