"""Visits of a shop by person and day: whose turn it is where, and what comes next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext

from wanku.fulfilment.models import Booking
from wanku.kernel.states import MERCHANT
from wanku.kinds.course import ACCEPTED, TO_ACCEPT, UNDER_WAY
from wanku.kinds.registry import KINDS
from wanku.kinds.visit.facts import HOME
from wanku.kinds.visit.hours import DAY_MINUTES, Roster, Window, day_of
from wanku.kinds.visit.kind import VisitKind
from wanku.kinds.visit.load import rosters_of
from wanku.kinds.visit.models import Appointment, Worker
from wanku.merchants.models import Merchant
from wanku.orders.models import Line, Order
from wanku.orders.states import PLACED

WEEK = 7


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as the shop's people see it.

    Attributes:
        begins, ends: on the shop's clock.
        state: of its booking; empty while it is not paid.
        words: the state in words.
        acts: what can be done next, by event with the words of the button.
        where: address in one line, or the shop.
        phone: of whoever is there; empty for unpaid orders.
    """

    order: Order
    line: Line
    worker: Worker
    begins: datetime
    ends: datetime
    state: str
    words: str
    acts: Sequence[tuple[str, str]]
    at_home: bool
    name: str
    phone: str
    where: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of somebody: hours in words (empty: a day off) and visits."""

    day: date
    hours: str
    visits: Sequence[Visit]


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """A row of the week."""

    worker: Worker
    cells: Sequence[Cell]


def today_of(shop: Merchant, now: datetime) -> date:
    """The date on the shop's clock."""
    return day_of(now, ZoneInfo(shop.zone))


def people_of(shop: Merchant, *, active: bool = True) -> list[Worker]:
    """People who come, in the shop's order."""
    rows = Worker.objects.filter(merchant=shop).select_related("seat")
    return list(rows.filter(is_active=True) if active else rows)


def read_week(shop: Merchant, first: date) -> list[PersonWeek]:
    """Seven days of everybody: seven statements, whatever is booked."""
    workers = people_of(shop)
    rosters = rosters_of(workers)
    visits = _by_cell(read_visits(shop, first, first + timedelta(days=WEEK)))
    days = [first + timedelta(days=n) for n in range(WEEK)]
    return [
        PersonWeek(
            worker, [Cell(day, hours_text(rosters[worker.pk], day), visits.get((worker.pk, day), ())) for day in days]
        )
        for worker in workers
    ]


def read_visits(shop: Merchant, first: date, until: date, worker_id: int | None = None) -> list[Visit]:
    """Visits that begin from a day until before another one, in order of time: three statements."""
    zone = ZoneInfo(shop.zone)
    rows = Appointment.objects.filter(
        merchant=shop, is_live=True, starts_at__gte=_midnight(first, zone), starts_at__lt=_midnight(until, zone)
    ).select_related("worker")
    if worker_id is not None:
        rows = rows.filter(worker_id=worker_id)
    found = list(rows.order_by("starts_at", "pk"))
    lines = Line.objects.filter(pk__in=[row.line_id for row in found]).select_related("order__trade")
    by_line = {line.pk: line for line in lines}
    states = dict(
        Booking.objects.filter(order__in=[line.order_id for line in by_line.values()]).values_list("order_id", "state")
    )
    return [_visit(row, by_line[row.line_id], states, zone) for row in found if row.line_id in by_line]


def hours_text(roster: Roster, day: date) -> str:
    """``09:00–12:00, 13:00–18:00``; empty for a day off."""
    return windows_text(without_breaks(roster.windows(day), roster.pauses(day)), "–")


def without_breaks(windows: Sequence[Window], breaks: Sequence[Window]) -> list[Window]:
    """Hours with breaks taken out of them."""
    left = sorted(windows)
    for begins, ends in sorted(breaks):
        cut: list[Window] = []
        for opens, closes in left:
            pieces = [(opens, min(closes, begins)), (max(opens, ends), closes)]
            inside = begins < closes and ends > opens
            cut += [(a, b) for a, b in pieces if a < b] if inside else [(opens, closes)]
        left = cut
    return left


def windows_text(windows: Sequence[Window], dash: str = "-") -> str:
    """Hours as people write them; an end past midnight is the time of the next day."""
    return ", ".join(f"{clock(opens)}{dash}{clock(closes)}" for opens, closes in sorted(windows))


def clock(minute: int) -> str:
    """``09:15``; midnight at the end of a day is ``24:00``."""
    shown = minute if minute <= DAY_MINUTES else minute - DAY_MINUTES
    return f"{shown // 60:02}:{shown % 60:02}"


def _by_cell(visits: Sequence[Visit]) -> Mapping[tuple[int, date], Sequence[Visit]]:
    cells: dict[tuple[int, date], list[Visit]] = defaultdict(list)
    for visit in visits:
        cells[visit.worker.pk, visit.begins.date()].append(visit)
    return cells


def _visit(row: Appointment, line: Line, states: Mapping[Any, str], zone: ZoneInfo) -> Visit:
    order, state = line.order, states.get(line.order_id, "")
    address, course = order.address or {}, KINDS[VisitKind.code].course
    at_home = line.choice.get("where") == HOME
    unpaid = pgettext("visit", "Waiting for payment")
    contact = order.trade
    return Visit(
        order=order,
        line=line,
        worker=row.worker,
        begins=row.starts_at.astimezone(zone),
        ends=row.ends_at.astimezone(zone),
        state=state,
        words=str(course.states.get(state, unpaid)) if order.state != PLACED else unpaid,
        acts=_acts(state, at_home=at_home),
        at_home=at_home,
        name=(address.get("name") if at_home else "") or contact.contact_name,
        phone="" if order.state == PLACED else ((address.get("phone") if at_home else "") or contact.contact_phone),
        where=_address(address) if at_home else line.choice.get("shop_address", ""),
    )


def _acts(state: str, *, at_home: bool) -> list[tuple[str, str]]:
    """The next steps; nobody sets off to a customer who comes."""
    course, machine = KINDS[VisitKind.code].course, Booking.MACHINE
    wanted = {TO_ACCEPT: ("accept",), ACCEPTED: ("depart", "start") if at_home else ("start", "no_show")}
    wanted[UNDER_WAY] = ("start", "no_show")
    events = wanted.get(state, ("finish",))
    allowed = {event for (source, event), rule in machine.rules.items() if source == state and MERCHANT in rule.by}
    return [(event, str(course.acts[event])) for event in events if event in allowed]


def _address(address: Mapping[str, str]) -> str:
    city = address.get("city", "")
    province = address.get("province", "")
    return "".join(
        (province if province != city else "", city, address.get("district", ""), " ", address.get("line", ""))
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
