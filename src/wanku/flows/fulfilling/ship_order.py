"""Goods leave the merchant."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move, note
from wanku.flows.fulfilling._fulfil import fulfil
from wanku.fulfilment.add_parcel import add_parcel
from wanku.fulfilment.carriers import SANDBOX, UNKNOWN_CARRIER, check_tracking
from wanku.fulfilment.models import Parcel
from wanku.fulfilment.pieces import Left, choose
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.registry import SHIP
from wanku.orders.models import Line, Order
from wanku.orders.refusals import NOT_TO_SHIP
from wanku.orders.states import FULFILLING, PAID


def ship_order(
    order_id: UUID, *, pieces: Mapping[UUID, int] | None, carrier: str, tracking: str, actor: Actor, now: datetime
) -> Parcel:
    """Send pieces of an order on their way as one parcel.

    When nothing is left the order is fulfilled and the buyer's receipt clock starts.

    Args:
        pieces: how many of each line (by line id); none means everything that is left.
        carrier: code from `wanku.fulfilment.carriers`.
        tracking: the carrier's number; blanks and case do not matter.

    Raises:
        Refusal: ``not_found``, ``not_allowed``, ``sign_in``, ``not_to_ship``, ``unknown_carrier``, ``bad_tracking``,
            ``tracking_used``, ``nothing_chosen``, ``too_many_pieces``, ``bad_value``.
    """
    known, number = check_tracking(carrier, tracking)
    if known.code == SANDBOX and not settings.SANDBOX:
        raise Refusal(UNKNOWN_CARRIER, field="carrier")
    with transaction.atomic():
        order = Order.objects.visible_to(actor).select_for_update(no_key=True, of=("self",)).filter(pk=order_id).first()
        if order is None:
            raise Refusal(NOT_FOUND)
        require(actor, Permission.ORDERS_FULFIL, order.merchant_id)
        if order.kind != SHIP or order.state not in (PAID, FULFILLING):
            raise Refusal(NOT_TO_SHIP, state=order.state)
        lines = list(Line.objects.select_for_update(no_key=True).filter(order=order).order_by("pk"))
        chosen = choose([Left(x.pk, x.title, x.to_ship) for x in lines], pieces)
        parcel = add_parcel(order, chosen, carrier=known.code, tracking=number, zone=order.merchant.zone, now=now)
        for line in lines:
            line.shipped += chosen.get(line.pk, 0)
        Line.objects.bulk_update([line for line in lines if line.pk in chosen], ["shipped"])
        whole = not any(line.to_ship for line in lines)
        _advance(order, parcel, sum(chosen.values()), whole=whole, actor=actor, now=now)
        return parcel


def _advance(order: Order, parcel: Parcel, pieces: int, *, whole: bool, actor: Actor, now: datetime) -> None:
    """Move the order: fulfilled with its last piece, started with its first, else just noted."""
    by = actor.as_merchant()
    facts = {"parcel": str(parcel.pk), "carrier": parcel.carrier, "tracking": parcel.tracking, "pieces": pieces}
    if whole:
        fulfil(order, by=by, now=now, facts=facts)
    elif order.state == PAID:
        # The promise to the buyer covers the rest too, so its clock runs on.
        move(order, "start", by=by, now=now, due_at=order.due_at, facts=facts)
    else:
        note(order, "ship_part", by=by, now=now, facts=facts)
