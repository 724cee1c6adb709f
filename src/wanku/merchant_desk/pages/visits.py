"""The week of people who come, and the day of one of them on a phone."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.booking.read_details import read_details
from wanku.kernel.ids import clean_number
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import page, show
from wanku.merchant_desk.read.visits import people_of, read_visits, read_week, today_of
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.orders.states import FULFILLING
from wanku.ui.request import Request


@require_safe
@page(Permission.ORDERS_SEE)
def week(request: Request, shop: Merchant) -> HttpResponse:
    """Seven days of everybody, with hours and visits."""
    today = today_of(shop, request.now)
    first = asked.day(request, "day") or today
    first -= timedelta(days=first.weekday())
    step = timedelta(days=7)
    context = {
        "people": read_week(shop, first),
        "days": [first + timedelta(days=n) for n in range(7)],
        "today": today,
        "earlier": first - step,
        "later": first + step,
    }
    return show(request, shop, "visits.html", context)


@require_safe
@page(Permission.ORDERS_SEE)
def day(request: Request, shop: Merchant) -> HttpResponse:
    """The visits of one person on one day, with what to do next."""
    return _day(request, shop)


@require_POST
@page(Permission.ORDERS_FULFIL)
def note(request: Request, shop: Merchant, visit_number: str) -> HttpResponse:
    """What is to be done and how to get in; that it was read is recorded."""
    order = _order(shop, visit_number)
    if order.state != FULFILLING:
        # Before it is accepted, and once it is over, nobody needs to get in.
        return _day(request, shop, problem=Refusal(WRONG_STATE, state=order.state))
    return _day(request, shop, opened=read_details(order.pk, actor=request.actor, now=request.now))


def _order(shop: Merchant, number: str) -> Order:
    order = Order.objects.filter(merchant=shop, number=clean_number(number) or "", kind="visit").first()
    if order is None:
        raise Refusal(NOT_FOUND)
    return order


def _day(
    request: Request,
    shop: Merchant,
    *,
    problem: Refusal | None = None,
    opened: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    people = people_of(shop)
    wanted = asked.whole(given.get("worker", ""))
    mine = next((w for w in people if w.seat_id and w.seat and w.seat.person_id == request.actor.person_id), None)
    chosen = next((w for w in people if w.pk == wanted), mine or next(iter(people), None))
    today = today_of(shop, request.now)
    shown = asked.date_of(given.get("day", "")) or today
    visits = read_visits(shop, shown, shown + timedelta(days=1), chosen.pk) if chosen else []
    context = {
        "people": people,
        "chosen": chosen,
        "day": shown,
        "today": today,
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1),
        "visits": visits,
        "opened": opened or {},
    }
    return show(request, shop, "visit_day.html", context, problem=problem)
