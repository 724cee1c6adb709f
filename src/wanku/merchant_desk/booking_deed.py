"""What somebody at a desk enters about a booking, from whichever page: the flow that it calls."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import is_naive

from wanku.files.accept import accept_picture
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import EVENTS, advance_booking
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.mark_no_show import mark_no_show
from wanku.flows.booking.reject_booking import reject_booking
from wanku.kernel.ids import clean_number
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.merchant_desk.read.orders import desk_orders
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.ui.request import Request

UNKNOWN = gettext_noop("Choose what happened.")


def booked_order(request: Request, number: str) -> Order:
    """The order of this desk.

    Raises:
        Refusal: ``not_found``.
    """
    digits = clean_number(number)
    order = desk_orders(request.actor).filter(number=digits).first() if digits else None
    if order is None:
        raise Refusal(NOT_FOUND)
    return order


def booking_deed(request: Request, shop: Merchant, order: Order) -> Callable[[], object]:
    """Accept, decline, go on, nobody came, or call off; with proof and the true time where that is given.

    Form: ``event``; ``because`` to decline and to call off; ``note``, ``pictures`` and ``happened_at`` (a wall time at
    the shop, empty for now) for the rest.
    """
    event, because = request.POST.get("event", ""), request.POST.get("because", "")
    told: dict[str, Any] = {"actor": request.actor, "now": request.now}
    note = request.POST.get("note", "")
    if event == "accept":
        return lambda: accept_booking(order.pk, happened_at=_happened_at(request, shop), **told)
    if event == "reject":
        return lambda: reject_booking(order.pk, because=because, **told)
    if event == "cancel":
        return lambda: _call_off(order, because, told)
    if event == "no_show":
        return lambda: mark_no_show(order.pk, note=note, pictures=_pictures(request, shop), **told)
    if event in EVENTS:
        return lambda: advance_booking(
            order.pk,
            event,
            note=note,
            pictures=_pictures(request, shop),
            happened_at=_happened_at(request, shop),
            **told,
        )
    return _unknown


def _unknown() -> None:
    raise Refusal(BAD_VALUE, field="event", problem=UNKNOWN)


def _call_off(order: Order, because: str, told: dict[str, Any]) -> None:
    if not because.strip():
        raise Refusal(BAD_VALUE, field="because", problem=gettext_noop("Tell the buyer why."))
    cancel_booking(order.pk, note=because, **told)


def _happened_at(request: Request, shop: Merchant) -> datetime | None:
    text = request.POST.get("happened_at", "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(BAD_VALUE, field="happened_at", problem=gettext_noop("This is not a time.")) from error
    return found.replace(tzinfo=ZoneInfo(shop.zone)) if is_naive(found) else found


def _pictures(request: Request, shop: Merchant) -> list[UUID]:
    """Pictures that came with the form, for the shop and the buyer alone."""
    uploads = request.FILES.getlist("pictures")[:7]
    owner = f"merchant:{shop.pk}"
    told: dict[str, Any] = {"owner": owner, "is_public": False, "now": request.now, "field": "pictures"}
    return [accept_picture(cast("BinaryIO", upload), **told).pk for upload in uploads]
