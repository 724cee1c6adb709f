"""Orders: finding them, one with everything about it, shipping it, taking it back."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.paying.refund_order import STATES as REFUNDABLE
from wanku.fulfilment.carriers import choices
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import act, link, may, page, show
from wanku.merchant_desk.read import order as read_one
from wanku.merchant_desk.read import orders as read
from wanku.merchants.models import Merchant
from wanku.ui.request import Request

REASON_MAX = 60
NO_REASON = gettext_noop("Tell the buyer why, in 1 to 60 characters.")


@require_safe
@page(Permission.ORDERS_SEE)
def listing(request: Request, shop: Merchant) -> HttpResponse:
    """Orders by tab, by what people remember, and by day; with a choice of many to ship or print."""
    wanted = read.Search(
        q=asked.text(request, "q"),
        tab=asked.choice(request, "tab", read.TABS),
        first=asked.day(request, "first"),
        last=asked.day(request, "last"),
    )
    fulfils = may(request, Permission.ORDERS_FULFIL)
    found = read.listing(read.search(request.actor, wanted, request.now), request.GET.get("page"))
    counts = read.counts(request.actor, request.now)
    context = {
        "page": found,
        "rows": [read.row_of(order, request.now, fulfils=fulfils) for order in found],
        "asked": wanted,
        "filtered": bool(wanted.q or wanted.first or wanted.last),
        "tabs": _tabs(wanted, counts),
        "any": counts["all"],
    }
    return show(request, shop, "orders.html", context)


def _tabs(wanted: read.Search, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        "": _("All"),
        "to_ship": _("To ship"),
        "late": pgettext("desk", "Late"),
        "shipped": pgettext("desk", "Shipped"),
        "completed": pgettext("desk", "Completed"),
        "closed": pgettext("desk", "Closed"),
    }
    return [
        {
            "label": label,
            "url": f"?tab={tab}" if tab else "?",
            "current": tab == wanted.tab,
            "count": counts[tab] if tab in ("to_ship", "late", "shipped") else 0,
            "alert": tab == "late",
        }
        for tab, label in labels.items()
    ]


@require_safe
@page(Permission.ORDERS_SEE)
def detail(request: Request, shop: Merchant, number: str) -> HttpResponse:
    """One order: goods, address, terms, parcels, money, timeline, and what can be done."""
    return _detail(request, shop, number)


def _detail(request: Request, shop: Merchant, number: str, problem: Refusal | None = None) -> HttpResponse:
    fulfils = may(request, Permission.ORDERS_FULFIL)
    found = read_one.read_order(request.actor, number, now=request.now, fulfils=fulfils)
    if found is None:
        raise Refusal(NOT_FOUND)
    context = {
        "found": found,
        "order": found.order,
        "waiting": read_one.waiting_for(found),
        "money_rows": read_one.money_rows(found),
        "net": found.order.amount - found.money["commission"] - found.money["refunded"],
        "carriers": choices(sandbox=settings.SANDBOX),
        "carrier": request.POST.get("carrier") or _last_carrier(request),
        "fulfils": fulfils,
        "refunds": may(request, Permission.REFUNDS_MAKE) and found.order.state in REFUNDABLE,
    }
    return show(request, shop, "order.html", context, problem=problem)


def _last_carrier(request: Request) -> str:
    return str(request.session.get("carrier", ""))


@require_POST
@page(Permission.ORDERS_FULFIL)
def ship(request: Request, shop: Merchant, number: str) -> HttpResponse:
    """Send all that is left, or the chosen pieces, as one parcel."""
    order = read.desk_orders(request.actor).filter(number=number).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    carrier, tracking = request.POST.get("carrier", ""), request.POST.get("tracking", "")
    request.session["carrier"] = carrier[:20]

    def deed() -> object:
        pieces = None if request.POST.get("all") else _pieces(request)
        return ship_order(
            order.pk, pieces=pieces, carrier=carrier, tracking=tracking, actor=request.actor, now=request.now
        )

    return act(
        request,
        deed,
        done=_("The parcel is on its way; the buyer was told."),
        back=link(shop, "order", number),
        again=lambda refusal: _detail(request, shop, number, refusal),
    )


def _pieces(request: Request) -> dict[UUID, int]:
    """``pieces-<line id>`` fields; empty ones count nothing."""
    found: dict[UUID, int] = {}
    for name, value in request.POST.items():
        key = asked.key(name.removeprefix("pieces-")) if name.startswith("pieces-") else None
        if key is None or not str(value).strip():
            continue
        count = asked.whole(str(value))
        if count is None:
            raise Refusal(BAD_VALUE, field=name, problem=gettext_noop("Write a whole number of pieces."))
        if count:
            found[key] = count
    return found


@require_POST
@page(Permission.ORDERS_FULFIL)
def withdraw(request: Request, shop: Merchant, number: str) -> HttpResponse:
    """Close an order that cannot be served; the buyer gets everything back."""
    order = read.desk_orders(request.actor).filter(number=number).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    because = clean(request.POST.get("because", ""))

    def deed() -> None:
        if not 1 <= len(because) <= REASON_MAX:
            raise Refusal(BAD_VALUE, field="because", problem=NO_REASON)
        withdraw_order(order.pk, actor=request.actor, because=because, now=request.now)

    return act(
        request,
        deed,
        done=_("The order is closed and the whole amount goes back to the buyer."),
        back=link(shop, "order", number),
        again=lambda refusal: _detail(request, shop, number, refusal),
    )
