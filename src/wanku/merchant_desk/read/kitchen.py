"""The board of a kitchen: what was ordered, by how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wanku.fulfilment.models import Booking
from wanku.kinds.course import ACCEPTED, TO_ACCEPT, UNDER_WAY
from wanku.kinds.meal.facts import DELIVERY, KitchenFact
from wanku.kinds.meal.kind import COURSE, MealKind
from wanku.kinds.meal.load import dish_fact
from wanku.kinds.meal.models import Dish
from wanku.kinds.meal.show import portions_left
from wanku.kinds.meal.slots import day_sold
from wanku.kinds.meal.words import WAY_ICONS, day_text, way_text
from wanku.orders.models import Line, Order

BOARD_MAX = 200
COLUMNS = (TO_ACCEPT, ACCEPTED, UNDER_WAY)
NEXT = {TO_ACCEPT: "accept", ACCEPTED: "depart", UNDER_WAY: "finish"}


@dataclass(frozen=True, slots=True)
class Ticket:
    """One order in the kitchen."""

    order: Order
    due_at: datetime | None
    time: str
    day: str
    way: str
    icon: str
    lines: Sequence[Line]
    dishes: int
    is_delivered: bool


@dataclass(frozen=True, slots=True)
class Column:
    """Orders of one state, the soonest first, and what to do with them."""

    state: str
    label: Any
    event: str
    act: Any
    tickets: Sequence[Ticket]


def read_board(kitchen: KitchenFact) -> list[Column]:
    """The three columns: two statements."""
    bookings = (
        Booking.objects.filter(merchant_id=kitchen.merchant_id, kind=MealKind.code, state__in=COLUMNS)
        .select_related("order")
        .prefetch_related("order__lines")
        .order_by("starts_at", "begun_at")[:BOARD_MAX]
    )
    zone = kitchen.calendar.zone
    found: dict[str, list[Ticket]] = {state: [] for state in COLUMNS}
    for booking in bookings:
        found[booking.state].append(_ticket(booking, zone))
    return [
        Column(state, COURSE.states[state], NEXT[state], COURSE.acts[NEXT[state]], tickets)
        for state, tickets in found.items()
    ]


def read_switches(kitchen: KitchenFact, now: datetime) -> list[Mapping[str, Any]]:
    """Every dish with what is left of it for whoever orders now, and whether it is switched off: two statements."""
    today = day_sold(kitchen, now)
    rows = Dish.objects.filter(merchant=kitchen.merchant_id, product__state="on_sale").select_related(
        "product", "section"
    )
    dishes = list(rows.order_by("section__position", "position", "pk"))
    left = portions_left([dish_fact(dish) for dish in dishes], today)
    return [
        {"id": dish.pk, "title": dish.product.title, "off": dish.off_on == today, "left": left.get(dish.pk)}
        for dish in dishes
    ]


def _ticket(booking: Booking, zone: ZoneInfo) -> Ticket:
    lines = list(booking.order.lines.all())
    choice = lines[0].choice if lines else {}
    local = booking.starts_at.astimezone(zone) if booking.starts_at else None
    return Ticket(
        order=booking.order,
        due_at=booking.due_at,
        time=f"{local:%H:%M}" if local else "",
        day=day_text(local.date()) if local else "",
        way=way_text(choice),
        icon=WAY_ICONS.get(choice.get("way", DELIVERY), ""),
        lines=lines,
        dishes=sum(line.quantity for line in lines),
        is_delivered=choice.get("way", DELIVERY) == DELIVERY,
    )
