"""Visits: free times that are looked for, and what a shop says of its services and people."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from wanku.api.fields import Amount, Body, Day, FilledLine, Flag, Id, Line, PathId, Plain, Shape

Quarters = Annotated[int, Field(strict=True, ge=0, le=48, description="Quarters of an hour.")]
Minute = Annotated[int, Field(strict=True, ge=0, le=2160)]
Windows = Annotated[
    list[tuple[Minute, Minute]],
    Field(max_length=6, description="From and to, minutes after midnight; past 1440 is the next day."),
]


class TimesAsked(Body):
    """What the times are for."""

    variant_id: PathId | None = Field(None, description="The first that can be booked, if empty.")
    day: Day | None = Field(None, description="On the shop's clock; the first day with a free time, if empty.")
    worker_id: PathId | None = Field(None, description="Anyone, if empty.")
    where: Literal["home", "shop"] | None = Field(None, description="Where a service is done at both.")
    add_ons: Plain = Field("", max_length=200, description="Ids with commas; some take time.")


class PersonShape(Shape):
    """Somebody who does it."""

    id: int
    name: str
    title: str
    about: str


class DayShape(Shape):
    """A day on the shop's clock: `free`, `full` or `closed`, and how many times are free."""

    day: dt.date
    state: str
    times: int


class TimeShape(Shape):
    """A time that could be had; `at` is what `choice.at` takes."""

    at: str
    worker_ids: list[int] = Field(description="Who is free, in the order in which anyone is taken.")


class TimesShape(Shape):
    """A fortnight, and the free times of one of its days."""

    people: list[PersonShape]
    days: list[DayShape]
    day: dt.date | None
    times: list[TimeShape]


class VisitNoticeRow(Body):
    """At least so many hours before it begins, so many basis points of what was paid."""

    hours: int = Field(strict=True, ge=0, le=720)
    bp: int = Field(strict=True, ge=0, le=10_000)


class LengthBody(Body):
    """How long a variant takes, or an add-on besides."""

    id: Id
    quarters: Quarters


class ServiceBody(Body):
    """How a product is booked."""

    place: Literal["home", "shop", "either"]
    lengths: list[LengthBody] = Field(max_length=100, description="By variant; others cannot be booked.")
    longer: list[LengthBody] = Field([], max_length=100, description="By add-on.")
    shop_address: Line = Field("", max_length=200)
    step: Literal[1, 2, 4] = Field(2, description="Quarters between two times on offer.")
    lead_minutes: int = Field(180, strict=True, ge=0, le=20_160)
    days_ahead: int = Field(28, strict=True, ge=1, le=60)
    cancellation: list[VisitNoticeRow] = Field([VisitNoticeRow(hours=2, bp=0)], max_length=5)


class WorkerBody(Body):
    """Somebody with the hours of the week; seven lists, Monday first."""

    name: FilledLine = Field(max_length=40)
    title: Line = Field("", max_length=40)
    about: Line = Field("", max_length=300)
    picture_id: UUID | None = None
    week: list[Windows] = Field(max_length=7)
    breaks: list[Windows] = Field([], max_length=7)
    skills: list[Id] = Field([], max_length=500, description="Variants that this person does.")
    travel_before: Quarters = 2
    travel_after: Quarters = 0
    is_active: Flag = True


class WorkerShape(Shape):
    """Somebody of a shop."""

    id: int
    name: str
    is_active: bool


class AbsenceBody(Body):
    """Days off, from the first to the last."""

    worker_id: Id | None = Field(None, description="The whole shop's, if empty.")
    first: Day
    last: Day
    because: Line = Field("", max_length=100)


class AbsenceShape(Shape):
    """Days off of one person, or of the whole shop without one."""

    id: int
    worker_id: int | None
    first: dt.date
    last: dt.date
    because: str


class NewAbsenceShape(AbsenceShape):
    """Days off that were added."""

    booked: int = Field(description="Visits that are booked in these days; they stand.")


class SpecialDayBody(Body):
    """Other hours on one day: none for a day off, null for the hours of the week again."""

    day: Day
    windows: Windows | None


class SpecialDayShape(Shape):
    """Other hours on one day."""

    day: dt.date
    windows: list[tuple[int, int]]


class ChangedDayShape(Shape):
    """What stands on a day whose hours changed."""

    booked: int = Field(description="Visits that are booked on this day; they stand.")


class AreaBody(Body):
    """A city or district that a shop comes to, and what the way costs."""

    city: FilledLine = Field(max_length=40)
    district: Line = Field("", max_length=40, description="The whole city, if empty.")
    fee: Amount = Field(0, le=10_000_000)


class Areas(Body):
    """Everywhere that a shop comes to; everywhere for nothing, if empty."""

    areas: list[AreaBody] = Field(max_length=400)
