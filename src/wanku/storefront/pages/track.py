"""A guest finds an order by number and contact; a member puts one into the account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wanku.flows.buying.claim_trade import claim_trade
from wanku.flows.buying.track_order import track_order
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.orders.models import Order
from wanku.storefront.forms import TrackForm
from wanku.ui.actor import grant_trade
from wanku.ui.request import Request, caller_address
from wanku.ui.words import refusal_text


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def track(request: Request) -> HttpResponse:
    """Ask for number and contact; show the order when they belong together."""
    form = TrackForm(
        request.POST if request.method == "POST" else None, initial={"number": request.GET.get("number", "")[:40]}
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            trade_id = track_order(typed["number"], typed["contact"], source=caller_address(request), now=request.now)
        except Refusal as no:
            form.add_error(None, refusal_text(no))
            status = no.code.status
        else:
            grant_trade(request, trade_id)
            return _to_order(request)
    elif request.method == "POST":
        status = 422
    return render(request, "storefront/buy/track.html", {"form": form, "claims": False}, status=status)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def claim(request: Request) -> HttpResponse:
    """Put a guest's order into the account."""
    if not request.actor.is_member:
        raise Refusal(SIGN_IN)
    form = TrackForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            claim_trade(
                typed["number"],
                typed["contact"],
                source=caller_address(request),
                actor=request.actor,
                now=request.now,
            )
        except Refusal as no:
            form.add_error(None, refusal_text(no))
            status = no.code.status
        else:
            messages.success(request, _("The order is in your account now."))
            return redirect("storefront:orders")
    elif request.method == "POST":
        status = 422
    return render(request, "storefront/buy/track.html", {"form": form, "claims": True, "place": "me"}, status=status)


def _to_order(request: Request) -> HttpResponse:
    """The one order of the trade, or the list when it has several."""
    digits = "".join(c for c in request.POST.get("number", "") if c.isdigit())
    mine = Order.objects.bought_by(request.actor)
    found = mine.filter(number=digits).first() or _only(list(mine.filter(trade__number=digits)[:2]))
    if found is not None:
        return redirect("storefront:order", found.number)
    return redirect("storefront:orders")


def _only(orders: list[Order]) -> Order | None:
    return orders[0] if len(orders) == 1 else None
