"""Bookings of all kinds at a desk: what is to come by day, and the one thing to do next for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext

from wanku.access.actor import Actor
from wanku.fulfilment.booking_states import BOOKING_MACHINE, EARLY, OPEN
from wanku.fulfilment.models import Booking
from wanku.kinds.course import ACCEPTED, STARTED, TO_ACCEPT, UNDER_WAY
from wanku.kinds.kind import Kind
from wanku.kinds.registry import KINDS
from wanku.kinds.shown import brief
from wanku.merchant_desk.read.orders import desk_orders
from wanku.merchants.models import Merchant
from wanku.ui.booking_words import booking_label, span_text
from wanku.ui.labels import Label

DAYS: Final = 14
MOST: Final = 200
NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    TO_ACCEPT: ("accept",),
    ACCEPTED: ("depart", "start", "finish"),
    UNDER_WAY: ("start", "finish"),
    STARTED: ("finish",),
}
"""What comes next in a state, the first that the kind has."""


@dataclass(frozen=True, slots=True)
class Act:
    """A step that the desk may take."""

    event: str
    word: str | Promise


@dataclass(frozen=True, slots=True)
class BookingRow:
    """One booking in the list.

    Attributes:
        next: the one thing to do; none where time or the buyer decides.
        others: further steps that are possible, for the order's page.
        what: titles, and what was chosen of each.
        name: of the buyer; masked unless the reader serves.
        clock: when something happens by itself, or the promise is missed.
    """

    booking: Booking
    kind: Kind
    label: Label
    when: str
    what: Sequence[tuple[str, str]]
    name: str
    next: Act | None
    others: Sequence[Act]
    clock: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The bookings of a day at the shop; none for those without a time."""

    day: date | None
    is_today: bool
    rows: Sequence[BookingRow] = field(default_factory=list)


def read_bookings(
    shop: Merchant, actor: Actor, *, kind: str, day: date | None, now: datetime, serves: bool, most: int = MOST
) -> Sequence[Day]:
    """Open bookings by day: what is left of earlier days, today, and the next two weeks; or all of one day.

    Args:
        kind: one of `KINDS`, or empty for all.
        most: bookings at most.
        serves: whether the reader keeps promises, and so may know the buyer's name.
    """
    zone = ZoneInfo(shop.zone)
    rows = _between(_of(actor), day, now, zone)
    if kind:
        rows = rows.filter(kind=kind)
    found = [row_of(booking, now, serves=serves) for booking in rows.order_by("starts_at", "pk")[:most]]
    today = now.astimezone(zone).date()

    def day_of(row: BookingRow) -> date | None:
        starts_at = row.booking.starts_at
        return starts_at.astimezone(zone).date() if starts_at is not None else None

    return [Day(each, each == today, list(those)) for each, those in groupby(found, day_of)]


def _of(actor: Actor) -> QuerySet[Booking]:
    orders = desk_orders(actor)
    found = Booking.objects.filter(order__in=orders.values("pk"))
    if actor.merchant_id is not None:
        found = found.filter(merchant_id=actor.merchant_id)
    return found.select_related("order__trade").prefetch_related("order__lines")


def _between(rows: QuerySet[Booking], day: date | None, now: datetime, zone: ZoneInfo) -> QuerySet[Booking]:
    if day is None:
        last = datetime.combine(now.astimezone(zone).date() + timedelta(days=DAYS), time.min, zone)
        return rows.filter(state__in=OPEN).filter(Q(starts_at=None) | Q(starts_at__lt=last) | Q(state=TO_ACCEPT))
    first = datetime.combine(day, time.min, zone)
    return rows.filter(starts_at__gte=first, starts_at__lt=datetime.combine(day + timedelta(days=1), time.min, zone))


def row_of(booking: Booking, now: datetime, *, serves: bool) -> BookingRow:
    """A booking as the lists show it; its order, trade and lines are loaded."""
    order, kind = booking.order, KINDS[booking.kind]
    acts = acts_of(booking, now) if serves else []
    late = booking.state in OPEN and (
        order.late_since is not None or (order.ship_by is not None and order.ship_by <= now)
    )
    name = order.trade.contact_name
    return BookingRow(
        booking=booking,
        kind=kind,
        label=booking_label(booking.kind, booking.state),
        when=span_text(booking.starts_at, booking.ends_at, booking.zone) if booking.starts_at else "",
        what=[
            _line(line.title, line.label, line.quantity, brief(line.kind, line.choice)) for line in order.lines.all()
        ],
        name=name if serves and booking.state in OPEN else f"{name[:1]}**",
        next=next((act for act in acts if act.event not in ("no_show", "reject", "cancel")), None),
        others=acts,
        clock=booking.due_at if booking.state == TO_ACCEPT else (order.ship_by if late else booking.due_at),
        late=late,
    )


def _line(title: str, label: str, quantity: int, chosen: str) -> tuple[str, str]:
    return f"{title} {label}".strip() + (f" × {quantity}" if quantity > 1 else ""), chosen


def acts_of(booking: Booking, now: datetime) -> list[Act]:
    """What the merchant's people may do now, the usual next step first; the flows decide again."""
    acts = KINDS[booking.kind].course.acts
    early = booking.state != TO_ACCEPT and booking.starts_at is not None and booking.starts_at - EARLY > now
    steps = [] if early else [event for event in NEXT.get(booking.state, ()) if event in acts]
    found = [Act(event, acts[event]) for event in steps]
    began = booking.starts_at is None or booking.starts_at <= now
    if booking.state in (ACCEPTED, UNDER_WAY) and "no_show" in acts and began:
        found.append(Act("no_show", acts["no_show"]))
    if booking.state == TO_ACCEPT:
        found.append(Act("reject", pgettext("booking", "Decline")))
    elif BOOKING_MACHINE.after(booking.state, "cancel"):
        found.append(Act("cancel", pgettext("booking", "Call it off")))
    return found
