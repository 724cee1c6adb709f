"""One order: where it stands, live, and everything its buyer can do with it."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wanku.audit.marks import mark_of
from wanku.flows.buying.cancel_trade import cancel_trade
from wanku.flows.buying.order_again import order_again
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.edit_delivery import edit_delivery
from wanku.flows.fulfilling.extend_receipt import extend_receipt
from wanku.flows.fulfilling.urge_merchant import urge_merchant
from wanku.kernel.ids import clean_number
from wanku.kernel.refusal import Refusal
from wanku.kinds.registry import SHIP
from wanku.orders.models import Order
from wanku.storefront.forms import AddressForm
from wanku.storefront.kept import keep_own
from wanku.storefront.read.invoices import invoicing_of
from wanku.storefront.read.order import order_of, read_order, reasons
from wanku.storefront.read.pay import trade_of
from wanku.storefront.read.stamp import stamp_of
from wanku.ui.actor import buyer_of, ensure_guest
from wanku.ui.request import Request
from wanku.ui.words import exact_text, refusal_text


def own_order(request: Request, number: str) -> Order:
    """The buyer's own order.

    Raises:
        Http404: there is none of that number for this reader.
    """
    found = order_of(request.actor, number)
    if found is None:
        raise Http404
    return found


@require_GET
def order(request: Request, number: str) -> HttpResponse:
    """The whole page; a browser that does not know the order is asked for its number and contact."""
    buyer = buyer_of(request)
    known = stamp_of(buyer, number)
    if known is None:
        return ask_for_it(request, number)
    stamp, reader = known

    def draw(asking: Request) -> tuple[str, Mapping[str, Any]]:
        found = order_of(buyer, number)
        if found is None:
            raise Http404
        return "storefront/buy/order.html", _shown(asking, found)

    fresh = stamp if stamp.is_shipped else (stamp, request.now.replace(second=0, microsecond=0))
    return keep_own(request, draw, buyer=buyer, reader=reader, stamp=fresh)


def ask_for_it(request: Request, number: str) -> HttpResponse:
    """Where links in messages lead a guest on another device; the same for numbers that do not exist.

    Raises:
        Http404: to members, whose orders are all in their account, and for what cannot be a number.
    """
    digits = clean_number(number)
    if request.actor.is_member or digits is None:
        raise Http404
    return redirect(f"{reverse('storefront:track')}?{urlencode({'number': digits})}")


@require_GET
def order_live(request: Request, number: str) -> HttpResponse:
    """The page's living part; answers "nothing new" cheaply while nothing happened."""
    buyer = buyer_of(request)
    known = stamp_of(buyer, number)
    if known is not None and request.GET.get("v") == known[0].version:
        return HttpResponse(status=204)
    found = order_of(buyer, number) if known is not None else None
    if found is None:
        raise Http404
    return render(request, "storefront/buy/order_body.html", _shown(request, found))


def _shown(request: Request, found: Order) -> Mapping[str, Any]:
    # Read before the rest: what moves in between is told again rather than missed.
    mark = mark_of(found.trade_id)
    return {
        "mark": mark,
        "view": read_order(found, now=request.now),
        "reasons": reasons(booked=found.kind != SHIP),
        "invoicing": invoicing_of(found),
        "place": "orders",
    }


def act_on(request: Request, number: str, act: Callable[[Order], str]) -> HttpResponse:
    """Do something with an own order and come back to it; a refusal is said there."""
    found = own_order(request, number)
    try:
        messages.success(request, act(found))
    except Refusal as no:
        if no.code.status == 404:
            raise
        messages.error(request, refusal_text(no))
    return redirect("storefront:order", found.number)


@require_POST
def trade_cancel(request: Request, number: str) -> HttpResponse:
    """Call off an unpaid trade with all its orders."""
    trade = trade_of(request.actor, number)
    if trade is None:
        raise Http404
    try:
        cancel_trade(trade.pk, actor=request.actor, now=request.now)
        messages.success(request, _("The order is cancelled. Nothing was charged."))
    except Refusal as no:
        messages.error(request, refusal_text(no))
    return redirect("storefront:orders")


@require_POST
def order_withdraw(request: Request, number: str) -> HttpResponse:
    """Take a paid order back before anything was shipped."""
    because = request.POST.get("because", "")

    def act(found: Order) -> str:
        withdraw_order(
            found.pk, actor=request.actor, because=because if because in reasons() else "other", now=request.now
        )
        return _("The order is taken back. The whole amount goes back the way it came.")

    return act_on(request, number, act)


@require_POST
def order_confirm(request: Request, number: str) -> HttpResponse:
    """Everything has arrived."""

    def act(found: Order) -> str:
        confirm_receipt(found.pk, actor=request.actor, now=request.now)
        return _("Thank you. The shop gets its money now; tell others how you like it.")

    return act_on(request, number, act)


@require_POST
def order_extend(request: Request, number: str) -> HttpResponse:
    """More time to receive, once."""

    def act(found: Order) -> str:
        until = extend_receipt(found.pk, actor=request.actor, now=request.now)
        return _("You have until %(until)s now.") % {"until": exact_text(until, request.now)}

    return act_on(request, number, act)


@require_POST
def order_urge(request: Request, number: str) -> HttpResponse:
    """Remind a late shop."""

    def act(found: Order) -> str:
        left = urge_merchant(found.pk, actor=request.actor, now=request.now)
        said = ngettext("You can do so %(n)s more time.", "You can do so %(n)s more times.", left) % {"n": left}
        return _("The shop was urged. %(said)s") % {"said": said}

    return act_on(request, number, act)


@require_POST
def order_again_page(request: Request, number: str) -> HttpResponse:
    """Put the same into the cart once more."""
    found = own_order(request, number)
    ensure_guest(request)
    again = order_again(found.pk, actor=request.actor, now=request.now)
    if again.added:
        messages.success(request, _("It is in your cart, at today's prices."))
    if again.missing:
        titles = _(", ").join(again.missing)
        messages.warning(request, _("Not or not fully available any more: %(titles)s") % {"titles": titles})
    return redirect("storefront:cart" if again.added else "storefront:orders")


@require_http_methods(["GET", "POST"])
def order_edit(request: Request, number: str) -> HttpResponse:
    """Correct address or note while nothing has left."""
    found = own_order(request, number)
    note = request.POST.get("note", found.note)
    form = AddressForm(request.POST if request.method == "POST" else None, initial=found.address)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            edit_delivery(found.pk, address=form.address(), note=note, actor=request.actor, now=request.now)
        except Refusal as no:
            for each in (no, *no.also):
                name = (each.field or "").removeprefix("address.")
                form.add_error(name if name in form.fields else None, refusal_text(each))
        else:
            messages.success(request, _("The change is passed on to the shop."))
            return redirect("storefront:order", found.number)
    if request.method == "POST":
        status = 422
    shown = {"order": found, "form": form, "note": note, "place": "orders"}
    return render(request, "storefront/buy/order_edit.html", shown, status=status)
