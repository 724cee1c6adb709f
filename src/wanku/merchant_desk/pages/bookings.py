"""Bookings of all kinds: what is to come, one step further, and the code at the door."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.audit.marks import mark_of
from wanku.files.accept import accept_picture
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import EVENTS, advance_booking
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.check_in import check_in
from wanku.flows.booking.mark_no_show import mark_no_show
from wanku.flows.booking.reject_booking import reject_booking
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.kinds.registry import KINDS
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import act, link, may, page, show
from wanku.merchant_desk.read import bookings as read
from wanku.merchant_desk.read.orders import desk_orders
from wanku.merchant_desk.read.queues import queues
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.ui.request import Request

UNKNOWN = gettext_noop("Choose what happened.")


@require_safe
@page(Permission.ORDERS_SEE)
def bookings(request: Request, shop: Merchant) -> HttpResponse:
    """Today and the coming days, or one day; of all kinds, or of one."""
    return _bookings(request, shop)


def _bookings(request: Request, shop: Merchant, problem: Refusal | None = None) -> HttpResponse:
    # Read before the rest: what moves in between is told again rather than missed.
    mark = mark_of(shop.pk)
    kind, day = asked.choice(request, "kind", KINDS), asked.day(request, "day")
    serves = may(request, Permission.ORDERS_FULFIL)
    offered = queues(shop.pk, request.now).kinds
    context = {
        "mark": mark,
        "days": read.read_bookings(shop, request.actor, kind=kind, day=day, now=request.now, serves=serves),
        "kind": kind,
        "kinds": [each for code, each in KINDS.items() if code in offered],
        "day": day,
        "today": request.now.astimezone(ZoneInfo(shop.zone)).date(),
        "by_code": any(KINDS[code].course.by_code for code in offered if code in KINDS),
        "code": request.POST.get("code", "") if problem else "",
    }
    return show(request, shop, "bookings.html", context, problem=problem)


@require_POST
@page(Permission.ORDERS_FULFIL)
def enter(request: Request, shop: Merchant) -> HttpResponse:
    """Somebody shows a code: to the order that it begins."""
    try:
        order_id = check_in(request.POST.get("code", ""), actor=request.actor, now=request.now)
    except Refusal as refusal:
        return _bookings(request, shop, refusal)
    number = Order.objects.values_list("number", flat=True).get(pk=order_id)
    return act(request, lambda: None, done=_("Welcome! The booking has begun."), back=link(shop, "order", number))


@require_POST
@page(Permission.ORDERS_FULFIL)
def step(request: Request, shop: Merchant, number: str) -> HttpResponse:
    """Accept, decline, go on, or call off; with proof and the true time where that is given."""
    order = desk_orders(request.actor).filter(number=number).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    event = request.POST.get("event", "")
    back = link(shop, "bookings") if request.POST.get("from") == "list" else link(shop, "order", number)
    return act(request, _deed(request, shop, order, event), done=_("Entered. The buyer sees it."), back=back)


def _deed(request: Request, shop: Merchant, order: Order, event: str) -> Callable[[], object]:
    told: dict[str, Any] = {"actor": request.actor, "now": request.now}
    note, because = request.POST.get("note", ""), request.POST.get("because", "")
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
    """A wall time at the shop; empty means now."""
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
