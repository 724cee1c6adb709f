"""The buyer's orders."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from wanku.storefront.read.orders import TABS, read_orders
from wanku.ui.request import Request


@require_GET
def orders(request: Request) -> HttpResponse:
    """One tab of the orders of this member, or of this browser's guest."""
    shown = read_orders(
        request.actor,
        tab=request.GET.get("tab", ""),
        query=request.GET.get("q", "").replace("\x00", ""),
        page=request.GET.get("page", "1"),
        now=request.now,
    )
    base = reverse("storefront:orders")
    tabs = [
        {
            "label": label,
            "url": f"{base}?{urlencode({'tab': key})}",
            "current": key == shown.tab,
            "count": shown.counts.get(key, 0),
            "alert": key == "to_pay",
        }
        for key, label in TABS.items()
    ]
    return render(request, "storefront/buy/orders.html", {"shown": shown, "tabs": tabs, "place": "orders"})
