"""Many parcels at once, packing slips, and what is on its way."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from wanku.access.can import Permission
from wanku.flows.fulfilling.bulk_ship import Outcome, Shipment, bulk_ship
from wanku.fulfilment.carriers import CARRIERS, choices
from wanku.kernel.ids import clean_number
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import page, show
from wanku.merchant_desk.read import orders as read
from wanku.merchant_desk.read.parcels import TABS, parcel_rows, search_parcels
from wanku.merchants.models import Merchant
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

PASTED_MAX = 200


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ORDERS_FULFIL)
def bulk(request: Request, shop: Merchant) -> HttpResponse:
    """Carrier and tracking number per chosen order, typed row by row or pasted as a list; then the result by row."""
    numbers = [number for text in asked.chosen(request) if (number := clean_number(text))]
    carrier = request.POST.get("carrier") or str(request.session.get("carrier", ""))
    outcomes: list[Outcome] = []
    typed: dict[str, dict[str, str]] = {}
    if request.method == "POST":
        request.session["carrier"] = carrier[:20]
        shipments = _typed(request, numbers, carrier) + _pasted(request.POST.get("pasted", ""), carrier)
        outcomes = bulk_ship(shipments[:PASTED_MAX], actor=request.actor, now=request.now)
        typed = {x.row.number: {"tracking": x.row.tracking, "carrier": x.row.carrier} for x in outcomes}
    shipped = {clean_number(x.row.number) for x in outcomes if x.parcel}
    orders = read.by_numbers(request.actor, [number for number in numbers if number not in shipped])
    rows = [
        {"row": read.row_of(order, request.now, fulfils=True), "typed": typed.get(order.number, {})} for order in orders
    ]
    context = {
        "rows": rows,
        "results": [_result(outcome) for outcome in outcomes],
        "shipped": sum(outcome.parcel is not None for outcome in outcomes),
        "failed": sum(outcome.refusal is not None for outcome in outcomes),
        "carriers": choices(sandbox=settings.SANDBOX),
        "carrier": carrier,
        "pasted": request.POST.get("pasted", "") if any(x.refusal for x in outcomes) else "",
        "nothing": request.method == "POST" and not outcomes,
    }
    return show(request, shop, "bulk_ship.html", context)


def _typed(request: Request, numbers: list[str], carrier: str) -> list[Shipment]:
    """Rows with a tracking number; a row without one is left for later."""
    found = []
    for number in numbers:
        tracking = request.POST.get(f"tracking-{number}", "").strip()
        if tracking:
            found.append(Shipment(number, request.POST.get(f"carrier-{number}") or carrier, tracking))
    return found


def _pasted(text: str, carrier: str) -> list[Shipment]:
    """Lines of order number and tracking number, and anywhere behind the first the carrier, if it is another one."""
    found = []
    for line in text.splitlines():
        parts = line.replace(",", " ").replace("，", " ").replace(";", " ").split()
        if not parts:
            continue
        codes = {str(c.name).casefold(): c.code for c in CARRIERS.values()} | {c: c for c in CARRIERS}
        named = [codes[part.casefold()] for part in parts[1:] if part.casefold() in codes]
        rest = [part for part in parts[1:] if part.casefold() not in codes]
        found.append(Shipment(parts[0], named[0] if named else carrier, "".join(rest)))
    return found


def _result(outcome: Outcome) -> dict[str, Any]:
    return {
        "number": outcome.row.number,
        "tracking": outcome.row.tracking,
        "carrier": CARRIERS[outcome.row.carrier].name if outcome.row.carrier in CARRIERS else outcome.row.carrier,
        "parcel": outcome.parcel,
        "text": refusal_text(outcome.refusal) if outcome.refusal else pgettext("desk", "Shipped"),
    }


@require_safe
@page(Permission.ORDERS_FULFIL)
def slips(request: Request, shop: Merchant) -> HttpResponse:
    """A page to print: one slip for each chosen order that is to ship."""
    numbers = [number for text in asked.chosen(request) if (number := clean_number(text))]
    orders = read.by_numbers(request.actor, numbers)
    shown = [
        {
            "order": order,
            "row": read.row_of(order, request.now, fulfils=True),
            "lines": [(line, line.to_ship) for line in order.lines.all() if line.to_ship],
        }
        for order in orders
    ]
    context = {"shop": shop, "orders": shown}
    return render(request, "merchant_desk/slips.html", context)


@require_safe
@page(Permission.ORDERS_SEE)
def parcels(request: Request, shop: Merchant) -> HttpResponse:
    """What was sent, where it is, and what stands still."""
    tab, q = asked.choice(request, "tab", TABS), asked.text(request, "q")
    found = Paginator(search_parcels(request.actor, tab=tab, q=q, now=request.now), 30).get_page(
        request.GET.get("page")
    )
    labels = {"": _("All"), "shipped": _("On the way"), "still": _("No news for 3 days"), "delivered": _("Delivered")}
    tabs = [
        {"label": label, "url": f"?tab={key}" if key else "?", "current": key == tab} for key, label in labels.items()
    ]
    context = {"page": found, "rows": parcel_rows(found), "tabs": tabs, "q": q}
    return show(request, shop, "parcels.html", context)
