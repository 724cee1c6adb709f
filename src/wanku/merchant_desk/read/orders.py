"""Orders of a shop: finding them, counting them, showing them in a table."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from wanku.access.actor import Actor
from wanku.kernel.ids import clean_number
from wanku.kernel.text import mask_phone
from wanku.kinds.registry import KINDS, SHIP
from wanku.orders.models import Order
from wanku.orders.states import CANCELLED, CLOSED, COMPLETED, FULFILLED, FULFILLING, PAID
from wanku.ui.booking_words import order_label
from wanku.ui.labels import Label

PAGE: Final = 20
TO_SHIP: Final = (PAID, FULFILLING)
TABS: Mapping[str, tuple[str, ...]] = {
    "to_ship": TO_SHIP,
    "late": TO_SHIP,
    "shipped": (FULFILLED,),
    "completed": (COMPLETED,),
    "closed": (CLOSED, CANCELLED),
}
PHONE_MIN = 4


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for.

    Attributes:
        tab: one of `TABS`, or empty for all.
        first, last: days of the order, in the reader's zone.
    """

    q: str = ""
    tab: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An order in a table.

    Attributes:
        shown: its state as people call it, as `wanku.ui.labels` has it.
        to_ship, late: whether the shop must act, and whether it should have.
        name, phone: of the recipient; masked unless the shop must ship.
        what: titles of its lines with quantity.
        pieces: how many pieces are ordered, and how many have left.
    """

    order: Order
    shown: Label
    to_ship: bool
    late: bool
    name: str
    phone: str
    place: str
    what: tuple[str, ...]
    pieces: int
    shipped: int
    tracking: tuple[str, ...]


def is_late(now: datetime) -> Q:
    """Orders that should have left."""
    return Q(state__in=TO_SHIP) & (Q(late_since__isnull=False) | Q(ship_by__lte=now))


def desk_orders(actor: Actor) -> QuerySet[Order]:
    """What the shop has to do with: orders that were paid for. An unpaid trade that ran out was never its business."""
    return Order.objects.at_desk(actor).exclude(state=CANCELLED, paid_at=None)


def search(actor: Actor, asked: Search, now: datetime) -> QuerySet[Order]:
    """Orders by state, day and whatever people remember; those to ship by their clock, others newest first."""
    rows = desk_orders(actor)
    if asked.tab:
        rows = rows.filter(state__in=TABS[asked.tab])
    if asked.tab == "to_ship":
        rows = rows.filter(kind=SHIP)
    if asked.tab == "late":
        rows = rows.filter(is_late(now))
    if asked.q:
        rows = rows.filter(_matches(asked.q))
    zone = timezone.get_current_timezone()
    if asked.first:
        rows = rows.filter(placed_at__gte=datetime.combine(asked.first, time.min, zone))
    if asked.last and asked.last < date.max:
        rows = rows.filter(placed_at__lt=datetime.combine(asked.last + timedelta(days=1), time.min, zone))
    order = ("ship_by", "pk") if asked.tab in ("to_ship", "late") else ("-placed_at", "-pk")
    return rows.order_by(*order)


def _matches(q: str) -> Q:
    """Order or trade number, tracking number, phone or its end, recipient, title or SKU."""
    number = clean_number(q)
    if number:
        return Q(number=number) | Q(trade__number=number)
    found = Q(parcels__tracking=q.upper().replace(" ", "")) | Q(address__name__icontains=q)
    found |= Q(lines__title__icontains=q) | Q(lines__sku__iexact=q)
    digits = re.sub(r"\D", "", q)
    if len(digits) >= PHONE_MIN:
        found |= Q(address__phone__endswith=digits) | Q(number__startswith=digits)
    return Q(pk__in=Order.objects.filter(found).values("pk"))


def counts(actor: Actor, now: datetime) -> dict[str, int]:
    """Orders by tab, in one query."""
    rows: dict[str, int] = desk_orders(actor).aggregate(
        all=Count("pk"),
        to_ship=Count("pk", filter=Q(state__in=TO_SHIP, kind=SHIP)),
        late=Count("pk", filter=is_late(now)),
        shipped=Count("pk", filter=Q(state=FULFILLED)),
        completed=Count("pk", filter=Q(state=COMPLETED)),
        closed=Count("pk", filter=Q(state__in=(CLOSED, CANCELLED))),
    )
    return rows


def listing(rows: QuerySet[Order], number: str | None, size: int = PAGE) -> Page[Order]:
    """One page, with lines and parcels in two more queries."""
    return Paginator(rows.select_related("booking").prefetch_related("lines", "parcels"), size).get_page(number)


def row_of(order: Order, now: datetime, *, fulfils: bool) -> Row:
    """An order as the tables show it.

    Args:
        fulfils: whether the reader may ship, and so needs the whole address of what is to ship.
    """
    lines = list(order.lines.all())
    open_ = order.state in TO_SHIP
    to_ship = open_ and order.kind == SHIP
    late = open_ and (order.late_since is not None or (order.ship_by is not None and order.ship_by <= now))
    pieces, shipped = sum(x.quantity for x in lines), sum(x.shipped for x in lines)
    address = shown_address(order, whole=open_ and fulfils)
    return Row(
        order=order,
        shown=shown_label(order),
        to_ship=to_ship,
        late=late,
        name=address["name"],
        phone=address["phone"],
        place="".join(dict.fromkeys(filter(None, (address["province"], address["city"])))),
        what=tuple(f"{x.title}{f' {x.label}' if x.label else ''} × {x.quantity}" for x in lines),
        pieces=pieces,
        shipped=shipped,
        tracking=tuple(parcel.tracking for parcel in order.parcels.all()),
    )


def shown_label(order: Order) -> Label:
    """Its state as people call it, in the words of its kind."""
    booking = getattr(order, "booking", None) if order.kind in KINDS else None
    state = "partly_shipped" if order.state == FULFILLING else order.state
    return order_label(order.kind, state, booking.state if booking else None)


def shown_address(order: Order, *, whole: bool) -> dict[str, str]:
    """The delivery address, whole for who must ship; else only what is needed to talk about it."""
    found = {name: str(order.address.get(name, "")) for name in ADDRESS_FIELDS}
    if whole:
        return found
    name, phone = found["name"], found["phone"]
    return {
        **found,
        "name": f"{name[:1]}**" if name else "",
        "phone": mask_phone(phone) if phone else "",
        "line": "****" if found["line"] else "",
    }


ADDRESS_FIELDS = ("name", "phone", "province", "city", "district", "line", "postcode")


def by_numbers(actor: Actor, numbers: Iterable[str]) -> list[Order]:
    """Orders to ship by number, in the order that was asked for, with lines and parcels."""
    wanted = list(numbers)
    rows = desk_orders(actor).filter(number__in=wanted, state__in=TO_SHIP).prefetch_related("lines", "parcels")
    found = {row.number: row for row in rows}
    return [found[number] for number in wanted if number in found]
