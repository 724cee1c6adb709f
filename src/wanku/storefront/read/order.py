"""One order as its buyer sees it: where it stands, whose turn it is, what happened, what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.audit.rules import current
from wanku.files.models import Picture
from wanku.files.queries import pictures_by_id
from wanku.fulfilment.carriers import CARRIERS
from wanku.fulfilment.models import Parcel
from wanku.kernel.ids import clean_number
from wanku.kernel.money import Money
from wanku.kinds.pick import Part
from wanku.kinds.registry import KINDS
from wanku.orders.clocks import seconds_of
from wanku.orders.models import Line, Order
from wanku.orders.states import CANCELLED, CLOSED, COMPLETED, FULFILLED, FULFILLING, PAID, PLACED
from wanku.payments.models import Refund
from wanku.reviews.models import Review
from wanku.storefront.read.booking import BookingView, booking_turn, read_booking
from wanku.storefront.read.frozen import frozen_freight, frozen_returns
from wanku.storefront.read.orders import shown_state
from wanku.storefront.read.price_rows import Row, coming_row, extra_rows, part_rows
from wanku.storefront.read.refunds import RefundView, read_refunds
from wanku.ui.booking_words import order_label
from wanku.ui.bookings import booking_steps
from wanku.ui.labels import Label
from wanku.ui.move_words import actor_words, move_words, tracking_words
from wanku.ui.words import exact_text, short_day_text

URGES_MAX: Final = 3


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line with its terms and review."""

    line: Line
    returns: str
    review: Review | None
    can_review: bool
    can_follow_up: bool


@dataclass(frozen=True, slots=True)
class ShownParcel:
    """A parcel with its way."""

    parcel: Parcel
    carrier: str
    link: str
    arrives: str
    contents: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, until when, and what silence means."""

    due: datetime | None
    turn: str
    mine: bool
    what: str
    outcome: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """The whole page."""

    order: Order
    state: Label
    siblings: tuple[Order, ...]
    lines: tuple[OrderLine, ...]
    parcels: tuple[ShownParcel, ...]
    refunds: tuple[RefundView, ...]
    timeline: tuple[Mapping[str, Any], ...]
    steps: tuple[Mapping[str, Any], ...]
    turn: Turn | None
    booking: BookingView | None
    rows: tuple[Row, ...]
    acts: frozenset[str]
    urge_after: datetime | None
    version: str
    pictures: Mapping[UUID, Picture]


def order_of(actor: Actor, number: str) -> Order | None:
    """The buyer's own order of a number."""
    digits = clean_number(number)
    orders = Order.objects.bought_by(actor).select_related("merchant", "trade")
    return orders.filter(number=digits).first() if digits else None


def _moves(order: Order) -> Any:
    """Moves of the order, of its parcels and refunds, and of the trade itself; not of other shops' orders."""
    return Move.objects.filter(Q(merchant_id=order.merchant_id) | Q(merchant_id=None), trade_id=order.trade_id)


def read_order(order: Order, *, now: datetime) -> OrderView:
    """Everything about an order that its buyer sees; a fixed number of queries."""
    lines = list(Line.objects.filter(order=order))
    moves = list(_moves(order).order_by("pk"))
    parcels = list(Parcel.objects.filter(order=order).prefetch_related("lines", "events"))
    refunded = Refund.objects.filter(order=order).select_related("attempt").prefetch_related("lines")
    refunds = tuple(read_refunds(refunded.order_by("created_at"), {line.pk: line for line in lines}, moves))
    reviews = {review.line_id: review for review in Review.objects.filter(order=order)}
    siblings = tuple(
        Order.objects.filter(trade=order.trade_id)
        .exclude(pk=order.pk)
        .select_related("merchant")
        .order_by("merchant_id")
    )
    urges = [move.at for move in moves if move.subject_type == "order" and move.event == "urge"]
    urge_after = urges[-1] + timedelta(seconds=current()["urge_gap"]) if urges else None
    booking = read_booking(order, lines, now=now)
    event = max((e.pk for parcel in parcels for e in parcel.events.all()), default=0)
    return OrderView(
        order=order,
        state=order_label(
            order.kind,
            shown_state(order, refunds[-1].refund.state if refunds else None),
            booking.booking.state if booking else None,
        ),
        siblings=siblings,
        lines=tuple(_line(line, order, parcels, reviews.get(line.pk), now) for line in lines),
        parcels=tuple(_parcel(parcel, lines) for parcel in parcels),
        refunds=refunds,
        timeline=tuple(_timeline(moves, booked=order.kind in KINDS)),
        steps=tuple(booking_steps(order, booking.booking, moves) if booking else _steps(order, moves)),
        turn=_turn(order, now, booking),
        booking=booking,
        rows=tuple(_rows(order, lines)),
        acts=_acts(order, urges, urge_after, now) | (booking.acts if booking else set()),
        urge_after=urge_after if urge_after is not None and urge_after > now else None,
        version=f"{moves[-1].pk if moves else 0}.{event}",
        pictures=pictures_by_id(line.picture_id for line in lines),
    )


def _line(line: Line, order: Order, parcels: Sequence[Parcel], review: Review | None, now: datetime) -> OrderLine:
    return OrderLine(
        line=line,
        returns=frozen_returns(line.returns),
        review=review,
        can_review=review is None and _received(line, order, parcels) and _reviewable(order, now),
        can_follow_up=review is not None
        and review.followed_up_at is None
        and now <= review.written_at + timedelta(seconds=current()["review_follow_up"]),
    )


def _received(line: Line, order: Order, parcels: Sequence[Parcel]) -> bool:
    if order.state == COMPLETED:
        return True
    mine = [parcel for parcel in parcels if any(part.line_id == line.pk for part in parcel.lines.all())]
    return order.state == FULFILLED and bool(mine) and all(parcel.delivered_at is not None for parcel in mine)


def _reviewable(order: Order, now: datetime) -> bool:
    start = order.completed_at
    return start is None or now <= start + timedelta(seconds=seconds_of(order, "review_window"))


def _parcel(parcel: Parcel, lines: Sequence[Line]) -> ShownParcel:
    carrier = CARRIERS.get(parcel.carrier)
    titles = {line.pk: line for line in lines}
    contents = []
    for part in parcel.lines.all():
        line = titles[part.line_id]
        named = f"{line.title} ({line.label})" if line.label else line.title
        contents.append(f"{named} × {part.quantity}")
    steps = [
        {"label": tracking_words(event.code, event.text), "at": event.at, "note": event.place}
        for event in parcel.events.all()
    ]
    steps.append({"label": _("The shop handed it over"), "at": parcel.shipped_at, "note": ""})
    return ShownParcel(
        parcel=parcel,
        carrier=str(carrier.name) if carrier else parcel.carrier,
        link=carrier.tracking_link(parcel.tracking) if carrier else "",
        arrives=arrival_words(parcel),
        contents=tuple(contents),
        steps=tuple(steps),
    )


def _timeline(moves: Sequence[Move], *, booked: bool) -> list[Mapping[str, Any]]:
    """Newest first; steps of the trade that the order repeats are left out."""
    items: list[Mapping[str, Any]] = []
    for move in reversed(moves):
        words = move_words(move, booked=booked)
        if words:
            items.append({"label": words, "at": move.at, "actor": actor_words(move), "note": _note(move)})
    return items


def _note(move: Move) -> str:
    facts = move.facts
    if "tracking" in facts:
        carrier = CARRIERS.get(str(facts.get("carrier", "")))
        return f"{carrier.name if carrier else ''} {facts['tracking']}".strip()
    if move.event == "extend" and "until" in facts:
        until = datetime.fromisoformat(str(facts["until"]))
        return _("until %(until)s") % {"until": exact_text(until)}
    if move.event in ("refund", "refund_part", "reject") or (move.subject_type, move.event) == ("booking", "cancel"):
        return str(move.facts.get("note", ""))
    if move.event == "withdraw":
        return str(reasons().get(move.because, move.because))
    return ""


def reasons(*, booked: bool = False) -> dict[str, str]:
    """Why a buyer takes an order back, by code.

    Args:
        booked: of an order of which nothing is sent.
    """
    if booked:
        return {
            "changed_mind": _("My plans have changed"),
            "wrong_choice": _("I chose the wrong thing or time"),
            "cheaper": _("I found it cheaper"),
            "other": _("Another reason"),
        }
    return {
        "changed_mind": _("I no longer need it"),
        "wrong_choice": _("I chose the wrong thing or address"),
        "too_slow": _("It takes too long to ship"),
        "cheaper": _("I found it cheaper"),
        "other": _("Another reason"),
    }


def _steps(order: Order, moves: Sequence[Move]) -> list[Mapping[str, Any]]:
    """The step bar: what is done, where it stands, what is to come; a broken one ends where it broke."""
    if order.kind in KINDS:
        return _unpaid_steps(order)
    names = [
        pgettext("order step", "Ordered"),
        pgettext("order step", "Paid"),
        pgettext("order step", "Shipped"),
        pgettext("order step", "Received"),
    ]
    times = [order.placed_at, order.paid_at, order.fulfilled_at, order.completed_at]
    at = {PLACED: 1, PAID: 2, FULFILLING: 2, FULFILLED: 3, COMPLETED: 4}.get(order.state)
    if at is not None:
        states = ["done" if i < at else "now" if i == at else "todo" for i in range(4)]
        return [
            {"label": name, "state": state, "at": time if state == "done" else None}
            for name, state, time in zip(names, states, times, strict=True)
        ]
    ended = moves[-1].at if moves else None
    end = pgettext("order step", "Cancelled") if order.state == CANCELLED else pgettext("order step", "Closed")
    done = [(names[0], order.placed_at)] + ([(names[1], order.paid_at)] if order.paid_at else [])
    shown: list[Mapping[str, Any]] = [{"label": name, "state": "done", "at": time} for name, time in done]
    return [*shown, {"label": end, "state": "stopped", "at": ended}]


def _unpaid_steps(order: Order) -> list[Mapping[str, Any]]:
    """Of what is booked and not paid: there is no booking yet."""
    steps: list[Mapping[str, Any]] = [
        {"label": pgettext("order step", "Ordered"), "state": "done", "at": order.placed_at}
    ]
    if order.state == PLACED:
        return [*steps, {"label": pgettext("order step", "Paid"), "state": "now", "at": None}]
    return [*steps, {"label": pgettext("order step", "Cancelled"), "state": "stopped", "at": None}]


def _turn(order: Order, now: datetime, booking: BookingView | None) -> Turn | None:
    if booking is not None and order.state in (PAID, FULFILLING):
        found = booking_turn(order, booking.booking, now)
        return Turn(*found[:2], mine=found[2], what=found[3], outcome=found[4]) if found else None
    if order.state == PLACED:
        outcome = _("Without payment the order is cancelled by itself; nothing is charged.")
        return Turn(order.due_at, "buyer", mine=True, what=_("pay"), outcome=outcome)
    if order.state in (PAID, FULFILLING):
        late = order.late_since is not None or (order.ship_by is not None and order.ship_by <= now)
        outcome = _("If it is not shipped by then, the shop counts as late, is reminded, and the platform sees it.")
        if late and order.state == PAID:
            outcome = _("The shop is late. You can urge it, or take the order back in full while nothing is shipped.")
        elif late:
            outcome = _("The shop is late with the rest. It was reminded, and you can urge it.")
        what = _("The shop ships the rest") if order.state == FULFILLING else _("The shop ships the goods")
        return Turn(order.ship_by, "merchant", mine=False, what=what, outcome=outcome)
    if order.state == FULFILLED:
        if booking is not None:
            outcome = _("Without a word from you all counts as well, and the shop gets its money.")
            return Turn(order.due_at, "buyer", mine=True, what=_("confirm that all is well"), outcome=outcome)
        outcome = _("Without a word from you it counts as received, and the shop gets its money.")
        return Turn(order.due_at, "buyer", mine=True, what=_("confirm once you have everything"), outcome=outcome)
    return None


def _rows(order: Order, lines: Sequence[Line]) -> list[Row]:
    """The price composition as it was agreed."""
    pieces = sum(line.quantity for line in lines)
    count = ngettext("%(n)s piece", "%(n)s pieces", pieces) % {"n": pieces}
    if order.kind in KINDS:
        return _booked_rows(order, lines)
    return [
        {"label": _("Goods"), "amount": Money(order.goods, order.currency), "note": count},
        {
            "label": _("Freight"),
            "amount": Money(order.freight, order.currency),
            "note": frozen_freight(order.terms, order.currency, order.kind),
        },
    ]


def _booked_rows(order: Order, lines: Sequence[Line]) -> list[Row]:
    """Line by line; what coming or bringing costs, where it costs something."""
    rows: list[Row] = []
    for line in lines:
        extras = ((extra["name"], int(extra["price"])) for extra in line.add_ons)
        rows += part_rows(line.kind, (Part(**part) for part in line.parts), order.currency, line.quantity)
        rows += extra_rows(extras, order.currency, line.quantity)
    if order.freight:
        note = frozen_freight(order.terms, order.currency, order.kind)
        rows.append(coming_row(order.freight, note, order.currency))
    return rows


def _acts(order: Order, urges: Sequence[datetime], urge_after: datetime | None, now: datetime) -> frozenset[str]:
    """What the buyer can do now; the flows decide again when it is done."""
    acts = {
        PLACED: {"pay", "cancel", "edit"},
        PAID: {"withdraw", "edit"},
        FULFILLED: {"confirm"} | ({"extend"} if order.extended_at is None else set()),
        COMPLETED: {"again"},
        CANCELLED: {"again"},
        CLOSED: {"again"},
    }.get(order.state, set())
    if order.kind in KINDS:
        acts = acts & {"pay", "cancel", "confirm"}
    late = order.late_since is not None or (order.ship_by is not None and order.ship_by <= now)
    waited = urge_after is None or urge_after <= now
    if order.state in (PAID, FULFILLING) and late and waited and len(urges) < URGES_MAX:
        acts = acts | {"urge"}
    return frozenset(acts)


def arrival_words(parcel: Parcel) -> str:
    """Between which days a parcel was promised to arrive."""
    if parcel.expected_from is None or parcel.expected_to is None:
        return ""
    return f"{short_day_text(parcel.expected_from)} – {short_day_text(parcel.expected_to)}"
