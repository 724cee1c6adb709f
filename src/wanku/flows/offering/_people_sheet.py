"""People who come as a table: a row for each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from wanku.access.actor import Actor
from wanku.catalog.models import ProductState, Variant
from wanku.catalog.sheets import cells
from wanku.catalog.sheets.columns import Column
from wanku.catalog.sheets.rows import Row
from wanku.flows.offering._sheet import CREATE, SAME, UPDATE, Cells, Form, Outcome, Wrong, mapped, try_out
from wanku.flows.offering.save_worker import save_worker
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.kinds.visit.hours import Roster, Window
from wanku.kinds.visit.hours_text import read_hours
from wanku.kinds.visit.kind import VisitKind
from wanku.kinds.visit.load import rosters_of
from wanku.kinds.visit.models import Worker
from wanku.kinds.visit.rules import TRAVEL_MAX, WorkerData

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY: Final = gettext_noop("Hours of this day on the shop’s clock; empty for a day off.")
_HOURS: Final = "09:00-18:00"
PEOPLE_COLUMNS: Final = (
    Column("name", "姓名", gettext_noop(
        "Name that buyers read. Importing the same name again changes this person."
    ), "王敏", 14),
    Column("title", "头衔", gettext_noop("A few words below the name; may be empty."), "高级保洁师", 16),
    Column("about", "介绍", gettext_noop("At most 300 characters; may be empty."), "从业八年", 28),
    Column("skills", "服务SKU", gettext_noop("SKUs of the services that this person does, with commas."),
           "CLEAN-2H, CLEAN-4H", 28),
    *(Column(day, chinese, _DAY, "" if day == "sunday" else _HOURS, 16)
      for day, chinese in zip(DAYS, ("周一", "周二", "周三", "周四", "周五", "周六", "周日"), strict=True)),
    Column("breaks", "休息", gettext_noop("Break on every day of work; may be empty."), "12:00-13:00", 14),
    Column("travel_before", "路程前(分钟)", gettext_noop(
        "Minutes on the road before a visit at a customer’s: 0, 15, 30 …; 30 when empty."
    ), "30", 12),
    Column("travel_after", "路程后(分钟)", gettext_noop("Minutes on the road afterwards; 0 when empty."), "0", 12),
    Column("offered", "可预约", gettext_noop("yes or no: whether buyers can choose this person; yes when empty."),
           "yes", 10),
)  # fmt: skip
FORM: Final = Form(PEOPLE_COLUMNS, ("name",), 200)
BY_NAME: Final = {column.name: column for column in PEOPLE_COLUMNS}
NO_SERVICE_SKU: Final = Code("no_service_sku", gettext_noop("No service of this shop has the SKU “%(sku)s”."), 422)
NAME_TWICE: Final = Code("name_twice", gettext_noop("“%(name)s” is already in row %(other)s."), 422)
NAMESAKES: Final = Code(
    "namesakes", gettext_noop("Several people here are called “%(name)s”. Please change them on their own pages."), 422
)
QUARTERS: Final = gettext_noop("Write minutes in full quarters of an hour: 0, 15, 30 …")
_BETWEEN: Final = re.compile(r"[,，;；、\n]")


def take_people(merchant_id: int, content: bytes, *, actor: Actor, now: datetime) -> Outcome:
    """Create and change people as a table says, inside the caller's transaction.

    Raises:
        Refusal: those of the file.
    """
    # All at once and in order of id, so that nobody who changes two of them meets us half-way.
    mine = Worker.objects.filter(merchant=merchant_id).prefetch_related("skills")
    known: dict[str, list[Worker]] = {}
    for worker in mine.select_for_update(no_key=True).order_by("pk"):
        known.setdefault(worker.name, []).append(worker)
    offered = Variant.objects.filter(merchant=merchant_id, is_active=True, product__kind=VisitKind.code)
    skus = dict(offered.exclude(product__state=ProductState.REMOVED).values_list("sku", "pk"))
    rosters = rosters_of([worker for workers in known.values() for worker in workers])
    seen: dict[str, int] = {}

    def write(rows: Sequence[Row]) -> str:
        [row] = rows
        name = clean(row.cell("name"))
        if name in seen:
            raise Wrong([(row, "name", Refusal(NAME_TWICE, name=name[: cells.SHOWN], other=seen[name]))])
        seen[name] = row.number
        workers = known.get(name, [])
        if len(workers) > 1:
            raise Wrong([(row, "name", Refusal(NAMESAKES, name=name))])
        worker = workers[0] if workers else None
        before = _as_is(worker, rosters[worker.pk]) if worker else None
        data = _read(row, before, skus)
        if data == before:
            return SAME
        try:
            save_worker(merchant_id, data, worker_id=worker.pk if worker else None, actor=actor, now=now)
        except Refusal as refusal:
            places = {column: (row, column) for column in BY_NAME} | {"is_active": (row, "offered")}
            places |= {f"week.{weekday}": (row, day) for weekday, day in enumerate(DAYS)}
            places |= {f"breaks.{weekday}": (row, "breaks") for weekday in range(7)}
            raise mapped(refusal, places, (row, "")) from None
        return UPDATE if worker else CREATE

    return try_out(content, FORM, lambda rows: [(row.cell("name"), [row]) for row in rows], write)


def _as_is(worker: Worker, roster: Roster) -> WorkerData:
    """Somebody as the shop has them now."""
    return WorkerData(
        name=worker.name,
        week=_plain(roster.week),
        breaks=_plain(roster.breaks),
        skills=frozenset(skill.variant_id for skill in worker.skills.all()),
        title=worker.title,
        about=worker.about,
        picture_id=worker.picture_id,
        seat_id=worker.seat_id,
        travel_before=worker.travel_before,
        travel_after=worker.travel_after,
        is_active=worker.is_active,
    )


def _read(row: Row, before: WorkerData | None, skus: Mapping[str, int]) -> WorkerData:
    """Somebody as the row says; a column that is missing leaves things as they are."""
    read = Cells()
    told: dict[str, Any] = {"name": read.needed(row, BY_NAME["name"], cells.text(40), "")}
    base = before or WorkerData("", {})
    for name, most in (("title", 40), ("about", 300)):
        if row.has(name):
            told[name] = read.read(row, name, cells.text(most), "")
    if row.has("skills"):
        told["skills"] = read.read(row, "skills", partial(_skills, skus=skus), frozenset())
    week = dict(base.week)
    for weekday, day in enumerate(DAYS):
        if row.has(day):
            week[weekday] = tuple(sorted(read.read(row, day, _hours(day), ())))
    told["week"] = _plain(week)
    breaks = base.breaks
    if row.has("breaks"):
        pauses = tuple(sorted(read.read(row, "breaks", _hours("breaks"), ())))
        breaks = {weekday: pauses for weekday, windows in told["week"].items() if windows}
    told["breaks"] = _plain({weekday: windows for weekday, windows in breaks.items() if weekday in told["week"]})
    for name in ("travel_before", "travel_after"):
        told[name] = read.told(row, name, _quarters, getattr(base, name))
    yes_no = read.told(row, "offered", cells.choice(*cells.YES_NO, words={"是": "yes", "否": "no"}), "")
    told["is_active"] = base.is_active if yes_no == "" else yes_no == "yes"
    read.check()
    return replace(base, **told)


def _skills(cell: str, *, skus: Mapping[str, int]) -> frozenset[int]:
    names = [name for part in _BETWEEN.split(cell) if (name := part.strip())]
    unknown = next((name for name in names if name not in skus), None)
    if unknown is not None:
        raise Refusal(NO_SERVICE_SKU, sku=unknown[: cells.SHOWN])
    return frozenset(skus[name] for name in names)


def _hours(field: str) -> Callable[[str], Sequence[Window]]:
    return lambda cell: read_hours(cell, field)


def _quarters(cell: str) -> int:
    minutes = cells.whole(0, TRAVEL_MAX * 15)(cell) or 0
    if minutes % 15:
        raise Refusal(BAD_VALUE, problem=QUARTERS)
    return minutes // 15


def _plain(week: Mapping[int, Sequence[Window]]) -> dict[int, tuple[Window, ...]]:
    """Days that are worked, in order, so that two weeks can be compared."""
    return {weekday: tuple(sorted(week[weekday])) for weekday in sorted(week) if week[weekday]}
