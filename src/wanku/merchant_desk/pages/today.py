"""Which desk, and what its day holds."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wanku.access.can import Permission
from wanku.audit.marks import mark_of
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.merchant_desk.desk import link, may, page, show
from wanku.merchant_desk.read import today as read
from wanku.merchant_desk.read.bookings import BookingRow, read_bookings
from wanku.merchant_desk.read.orders import row_of
from wanku.merchant_desk.read.queues import queues
from wanku.merchant_desk.words import ROLES
from wanku.merchants.models import Merchant
from wanku.ui.request import Request


@require_safe
def choose(request: Request) -> HttpResponse:
    """One's desks; straight in when there is one, to the application when there is none."""
    if not request.actor.is_member:
        raise Refusal(SIGN_IN)
    shops = list(Merchant.objects.filter(pk__in=list(request.actor.seats)).order_by("name"))
    if len(shops) == 1:
        return HttpResponseRedirect(link(shops[0], "today"))
    rows = [{"shop": shop, "role": ROLES[request.actor.seats[shop.pk]][0]} for shop in shops]
    return render(request, "merchant_desk/choose.html", {"rows": rows})


@require_safe
@page(Permission.DESK_SEE)
def today(request: Request, shop: Merchant) -> HttpResponse:
    """What to do now, and the last seven days."""
    fulfils = may(request, Permission.ORDERS_FULFIL)
    sells, money = may(request, Permission.PRODUCTS_EDIT), may(request, Permission.MONEY_SEE)
    # Read before the rest: what moves in between is told again rather than missed.
    mark = mark_of(shop.pk)
    days = read.last_days(request.actor, request.now)
    best = max((day.amount for day in days), default=0)
    waiting = queues(shop.pk, request.now)
    context = {
        "mark": mark,
        "queues": waiting,
        "bookings": _next_bookings(request, shop, serves=fulfils) if waiting.books else None,
        "rows": [row_of(order, request.now, fulfils=fulfils) for order in read.next_orders(request.actor)],
        "questions": read.open_questions(shop.pk) if may(request, Permission.QUESTIONS_ANSWER) else None,
        "reviews": read.new_reviews(shop.pk) if may(request, Permission.REVIEWS_REPLY) else None,
        "low": read.low_stock(shop.pk) if sells else None,
        "balances": read.balances(shop.pk) if money else None,
        "days": [{"day": day, "share": round(20 * day.amount / best) if best else 0} for day in days],
        "week_orders": sum(day.orders for day in days),
        "week_amount": sum(day.amount for day in days),
        "steps": _first_steps(shop) if shop.state == "applying" else None,
    }
    return show(request, shop, "today.html", context)


def _next_bookings(request: Request, shop: Merchant, *, serves: bool) -> list[BookingRow]:
    """What is to be kept next."""
    days = read_bookings(shop, request.actor, kind="", day=None, now=request.now, serves=serves, most=read.SHOWN)
    return [row for day in days for row in day.rows]


def _first_steps(shop: Merchant) -> list[dict[str, str]]:
    """What an applicant can prepare while waiting."""
    return [
        {"label": _("Complete the profile and add a logo"), "url": link(shop, "profile"), "icon": "store"},
        {"label": _("Say what shipping costs"), "url": link(shop, "freight"), "icon": "truck"},
        {"label": _("Enter or import products"), "url": link(shop, "products"), "icon": "shopping-bag"},
        {"label": _("Invite your staff"), "url": link(shop, "staff"), "icon": "users"},
    ]
