"""One order as its shop sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.fulfilment.carriers import CARRIERS
from wanku.fulfilment.models import Booking, Parcel, ParcelLine
from wanku.kernel.ids import clean_number
from wanku.kernel.money import Money
from wanku.kinds.course import TO_ACCEPT
from wanku.kinds.kind import Fact
from wanku.kinds.registry import KINDS, SHIP
from wanku.ledger.models import Posting
from wanku.ledger.post import REFUNDS_DUE, available, held
from wanku.ledger.rules import Frame, commission_left
from wanku.merchant_desk.read.bookings import Act, acts_of
from wanku.merchant_desk.read.orders import TO_SHIP, desk_orders, is_late, shown_address, shown_label
from wanku.merchant_desk.words import return_text
from wanku.orders.models import Line, Order
from wanku.orders.sealed import details_of
from wanku.orders.states import FULFILLED, PAID
from wanku.payments.models import Refund
from wanku.pricing.freight import Reason
from wanku.pricing.reasons import freight_words
from wanku.ui.bookings import ShownBooking, booking_steps, show_booking, silence_words
from wanku.ui.labels import Label
from wanku.ui.move_words import actor_words, move_words, tracking_words
from wanku.ui.words import exact_text, money_text

MOVES_MAX = 200


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with what is left to ship and what was promised about returns."""

    line: Line
    picture: Picture | None
    left: int
    returns: str


@dataclass(frozen=True, slots=True)
class ShownParcel:
    """A parcel with its contents and its way."""

    parcel: Parcel
    carrier: str
    link: str
    contents: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class DeskOrder:
    """The whole page.

    Attributes:
        shown: state as people call it.
        booking, acts: of what is not sent, and what can be done with it.
        whole_address: whether the address is shown unmasked.
        money: what of this order the shop holds, has, pays in commission and paid back; minor units.
    """

    order: Order
    shown: Label
    booking: ShownBooking | None
    acts: Sequence[Act]
    steps: Sequence[Mapping[str, Any]]
    details: Sequence[Fact]
    to_ship: bool
    late: bool
    address: Mapping[str, str]
    whole_address: bool
    lines: Sequence[ShownLine]
    parcels: Sequence[ShownParcel]
    refunds: Sequence[Refund]
    timeline: Sequence[Mapping[str, Any]]
    money: Mapping[str, int]
    freight: str
    can_withdraw: bool


def read_order(actor: Actor, number: str, *, now: datetime, fulfils: bool) -> DeskOrder | None:
    """Everything about one order in a fixed number of queries, or None when it is not this shop's."""
    digits = clean_number(number)
    order = desk_orders(actor).select_related("trade").filter(number=digits or "").first()
    if order is None:
        return None
    lines = list(order.lines.all())
    parcels = list(order.parcels.prefetch_related("lines__line", "events").order_by("shipped_at", "pk"))
    open_ = order.state in TO_SHIP
    to_ship = open_ and order.kind == SHIP
    booking = Booking.objects.filter(order=order).first() if order.kind in KINDS else None
    if booking is not None:
        booking.order = order
    moves = Move.objects.filter(trade_id=order.trade_id, merchant_id=order.merchant_id).order_by("-id")[:MOVES_MAX]
    found = order.terms.get("freight_reason") or {}
    reason = Reason(str(found.get("code", "")), found.get("facts", {}))
    return DeskOrder(
        order=order,
        shown=shown_label(order),
        booking=show_booking(order, booking, lines) if booking else None,
        acts=acts_of(booking, now) if booking and fulfils else [],
        steps=booking_steps(order, booking, list(moves)) if booking else [],
        details=[f for x in lines if x.sealed and open_ and fulfils for f in KINDS[x.kind].mask(details_of(x))],
        to_ship=to_ship,
        late=desk_orders(actor).filter(is_late(now), pk=order.pk).exists() if open_ else False,
        address=shown_address(order, whole=open_ and fulfils),
        whole_address=open_ and fulfils,
        lines=[ShownLine(x, stand_in(x.picture_id), x.to_ship, return_text(x.returns)) for x in lines],
        parcels=[_parcel(parcel) for parcel in parcels],
        refunds=list(Refund.objects.filter(order=order).order_by("-created_at")),
        timeline=[
            _step(move, booked=order.kind in KINDS) for move in moves if move_words(move, booked=order.kind in KINDS)
        ],
        money=_money(order),
        freight=freight_words(reason, lambda amount: money_text(Money(amount, order.currency)), order.kind),
        can_withdraw=order.kind == SHIP and order.state == PAID and not any(x.shipped for x in lines),
    )


def _parcel(parcel: Parcel) -> ShownParcel:
    carrier = CARRIERS.get(parcel.carrier)
    contents: Sequence[ParcelLine] = list(parcel.lines.all())
    return ShownParcel(
        parcel=parcel,
        carrier=str(carrier.name) if carrier else parcel.carrier,
        link=carrier.tracking_link(parcel.tracking) if carrier else "",
        contents=tuple(f"{' '.join(filter(None, (x.line.title, x.line.label)))} × {x.quantity}" for x in contents),
        steps=tuple(
            {"label": tracking_words(e.code, e.text), "at": e.at, "note": e.place} for e in parcel.events.all()
        ),
    )


def _step(move: Move, *, booked: bool) -> dict[str, Any]:
    note = str(move.facts.get("tracking") or move.facts.get("note") or "")
    if move.subject_type == "order" and move.event == "withdraw" and move.actor == "merchant":
        note = move.because
    if "happened_at" in move.facts:
        at = exact_text(datetime.fromisoformat(move.facts["happened_at"]))
        note = " · ".join(filter(None, (note, _("truly at %(at)s") % {"at": at})))
    return {"label": move_words(move, booked=booked), "at": move.at, "actor": actor_words(move), "note": note}


def _money(order: Order) -> dict[str, int]:
    """What the ledger says about this order's money, by what it is for the shop."""
    mine = {"held": 0, "available": 0, "refunded": 0}
    names = {held(order.merchant_id): "held", available(order.merchant_id): "available"}
    rows = Posting.objects.filter(order_id=order.pk).order_by("pk")
    for row in rows:
        if row.account in names:
            mine[names[row.account]] += row.amount
        elif row.account == REFUNDS_DUE and row.amount > 0:
            mine["refunded"] += row.amount
    mine["commission"] = commission_left(Frame(order.amount, order.commission), mine["refunded"])
    return mine


def money_rows(found: DeskOrder) -> list[dict[str, Any]]:
    """The order's money as rows of a table, from what the buyer paid to what the shop gets."""
    order, booked = found.order, found.order.kind in KINDS
    coming = _("Coming or bringing") if booked else _("Freight")
    rows: list[dict[str, Any]] = [
        {"label": _("Price") if booked else _("Goods"), "amount": order.goods},
        *([{"label": coming, "amount": order.freight, "note": found.freight}] if order.freight or not booked else []),
        {"label": _("Commission of the platform"), "amount": -found.money["commission"]},
    ]
    if found.money["refunded"]:
        rows.append({"label": _("Paid back to the buyer"), "amount": -found.money["refunded"]})
    return rows


def waiting_for(found: DeskOrder) -> dict[str, Any] | None:
    """Whose turn it is, until when, and what silence means."""
    order = found.order
    if found.booking is not None and found.booking.is_open:
        return _booking_waits(found, found.booking)
    if found.to_ship:
        return {
            "due": order.ship_by,
            "turn": "merchant",
            "mine": True,
            "what": _("Ship what is left"),
            "outcome": _("Then the order is late: the buyer sees it, may urge you, and may cancel without fault."),
        }
    if order.state == FULFILLED:
        return {
            "due": order.due_at,
            "turn": "buyer",
            "mine": False,
            "what": _("Confirm receipt") if found.booking is None else _("Confirm that all is well"),
            "outcome": _("Then the order completes by itself and the money is yours."),
        }
    return None


def _booking_waits(found: DeskOrder, shown: ShownBooking) -> dict[str, Any]:
    """The clock of a booking, or the moment until which the promise must be entered as kept."""
    booking = shown.booking
    what = _("Accept or decline") if booking.state == TO_ACCEPT else _("Enter how it goes")
    outcome = silence_words(booking)
    late = _("Then the order is late: the buyer sees it, may urge you, and the platform is told.")
    due = booking.due_at if booking.state == TO_ACCEPT else found.order.ship_by
    if booking.state != TO_ACCEPT and booking.due_at is not None:
        at = exact_text(booking.due_at)
        outcome = f"{late} {_('On %(at)s:') % {'at': at}} {outcome}" if outcome else late
    return {"due": due, "turn": "merchant", "mine": True, "what": what, "outcome": outcome or late}
