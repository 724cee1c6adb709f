"""Bookings of all kinds: what is to come, one step further, and the code at the door."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.audit.marks import mark_of
from wanku.flows.booking.check_in import check_in
from wanku.kernel.refusal import Refusal
from wanku.kinds.registry import KINDS
from wanku.merchant_desk import asked
from wanku.merchant_desk.booking_deed import booked_order, booking_deed
from wanku.merchant_desk.desk import act, link, may, page, show
from wanku.merchant_desk.read import bookings as read
from wanku.merchant_desk.read.queues import queues
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.ui.request import Request


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
    """One step of a booking, entered in the list, at the order, or in somebody's day."""
    order = booked_order(request, number)
    back = _back(request, shop, order)
    return act(request, booking_deed(request, shop, order), done=_("Entered. The buyer sees it."), back=back)


def _back(request: Request, shop: Merchant, order: Order) -> str:
    """To the page that the form was on."""
    came = request.POST.get("from", "")
    if came == "list":
        return link(shop, "bookings")
    if came == "day":
        day, worker = asked.date_of(request.POST.get("day", "")), asked.whole(request.POST.get("worker", ""))
        return f"{link(shop, 'visit_day')}?day={day or ''}&worker={worker or ''}"
    return link(shop, "order", order.number)
