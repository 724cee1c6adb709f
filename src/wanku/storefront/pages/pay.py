"""Paying a trade: choose how, go to the bank, see what became of it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wanku.audit.marks import mark_of
from wanku.flows.paying.ask_for_buyer import ask_for_buyer
from wanku.flows.paying.open_attempt import open_attempt
from wanku.kernel.refusal import Refusal
from wanku.kinds.registry import SHIP
from wanku.orders.clocks import seconds_of
from wanku.orders.models import Trade
from wanku.payments.channel import ChannelDown, ChannelState, ShownAs
from wanku.storefront.pages.order import ask_for_it
from wanku.storefront.place import place_of, ways_to_pay
from wanku.storefront.read.pay import (
    DONE,
    LATE,
    READY,
    REFUSED,
    SEEN,
    UNCONFIRMED,
    UNPAID,
    WAITING,
    PayView,
    read_panel,
    read_pay,
    trade_of,
)
from wanku.storefront.who import buyer_ref, who_first, who_told
from wanku.ui.request import Request, caller_address
from wanku.ui.words import refusal_text


def _own(request: Request, number: str) -> Trade:
    trade = trade_of(request.actor, number)
    if trade is None:
        raise Http404
    return trade


@require_GET
def pay(request: Request, number: str) -> HttpResponse:
    """Who is paid, what for, until when, and the ways to pay."""
    trade = trade_of(request.actor, number)
    if trade is None:
        return ask_for_it(request, number)
    mark = mark_of(trade.pk)
    view = read_pay(trade)
    if view.stage in (DONE, LATE, SEEN, UNCONFIRMED):
        return redirect("storefront:pay_result", view.trade.number)
    return render(
        request, "storefront/buy/pay.html", {**_choice(request, view), "version": _version(view), "mark": mark}
    )


def _choice(request: Request, view: PayView) -> dict[str, object]:
    """The open payment, where it is made from this page, and the other ways to pay."""
    panel = read_panel(view, place_of(request), request.now)
    now = f"{panel.attempt.gateway}:{panel.attempt.method}" if panel is not None else ""
    methods = [way for way in ways_to_pay(request, view.trade.currency) if way.value != now]
    orders = view.orders
    return {
        "view": view,
        "panel": panel,
        "methods": methods,
        "method": request.GET.get("method", ""),
        "receipt": max((seconds_of(order, "receipt_goods") for order in orders if order.kind == SHIP), default=0),
        "booked": max((seconds_of(order, "receipt_by_hand") for order in orders if order.kind != SHIP), default=0),
        "place": "orders",
    }


@require_POST
def pay_open(request: Request, number: str) -> HttpResponse:
    """Open a payment and go where it is made: the bank's page, or ours with a code, a button or an account."""
    trade = _own(request, number)
    gateway, _colon, method = request.POST.get("pay_by", "").partition(":")
    try:
        if elsewhere := who_first(request, trade, gateway, method):
            return _leave(request, elsewhere, trade)
    except ChannelDown:
        return _who_is_unknown(request, trade)
    return _open(request, trade, gateway, method)


@require_GET
def pay_who(request: Request, number: str) -> HttpResponse:
    """Back from the channel, which has told us who the buyer is: what they chose to pay by goes on."""
    trade = _own(request, number)
    try:
        chosen = who_told(request, trade)
    except ChannelDown:
        return _who_is_unknown(request, trade)
    return _open(request, trade, *chosen) if chosen is not None else redirect("storefront:pay", trade.number)


def _who_is_unknown(request: Request, trade: Trade) -> HttpResponse:
    messages.error(request, _("WeChat does not answer at the moment. Try again or choose another way to pay."))
    return redirect("storefront:pay", trade.number)


def _open(request: Request, trade: Trade, gateway: str, method: str) -> HttpResponse:
    try:
        attempt = open_attempt(
            trade.pk,
            gateway=gateway,
            method=method,
            actor=request.actor,
            now=request.now,
            buyer_address=caller_address(request),
            buyer_ref=buyer_ref(request, gateway),
        )
    except Refusal as no:
        messages.error(request, refusal_text(no))
        name = "pay_result" if no.code.name == "already_paid" else "pay"
        return redirect(f"storefront:{name}", trade.number)
    if attempt.shown_as == ShownAs.REDIRECT:
        return _leave(request, attempt.pay_url, trade)
    return redirect("storefront:pay", trade.number)


def _leave(request: Request, url: str, trade: Trade) -> HttpResponse:
    """Take the buyer to the bank. Elsewhere than on this site that takes a page of ours in between, which goes on by
    itself: our content policy lets no form end at another site (``form-action``), and browsers hold redirects to it.
    """
    if url.startswith(f"{settings.PUBLIC_URL}/"):
        return redirect(url)
    context = {"url": url, "host": urlsplit(url).hostname, "trade": trade, "place": "orders"}
    answer = render(request, "storefront/buy/pay_go.html", context)
    answer.headers["Refresh"] = f"0;url={url}"
    return answer


@require_GET
def pay_result(request: Request, number: str) -> HttpResponse:
    """What became of the payment; asks again by itself until that is known."""
    return render(request, "storefront/buy/pay_result.html", _result(request, number, asked="asked" in request.GET))


@require_GET
def pay_status(request: Request, number: str) -> HttpResponse:
    """The same as a part of the page; answers "nothing new" while the reader already sees this."""
    return _news(request, number, seen=request.GET.get("v", ""), asked="asked" in request.GET)


def _news(request: Request, number: str, *, seen: str, asked: bool) -> HttpResponse:
    shown = _result(request, number, asked=asked)
    if seen == shown["version"]:
        return HttpResponse(status=204)
    return render(request, "storefront/buy/pay_status.html", shown)


def _result(request: Request, number: str, *, asked: bool) -> dict[str, object]:
    """What became of the payment.

    Args:
        asked: the channel was asked for this reader and knew of no payment.
    """
    trade = _own(request, number)
    # Read before the rest: what moves in between is told again rather than missed.
    mark = mark_of(trade.pk)
    view = read_pay(trade, asked=asked)
    ways = ways_to_pay(request, trade.currency) if view.stage in (REFUSED, READY) else []
    again = next((way for way in ways if way.value == view.way), None)
    return {"view": view, "version": _version(view), "mark": mark, "again": again, "place": "orders"}


def _version(view: PayView) -> str:
    """What a reader sees, in short."""
    attempt = view.attempt
    failure = attempt.failure if attempt is not None and view.stage in (WAITING, UNPAID) else ""
    return "-".join(filter(None, [view.stage, failure, view.refund.refund.state if view.refund is not None else ""]))


@require_POST
def pay_ask(request: Request, number: str) -> HttpResponse:
    """The buyer says "I have paid", or their page asks for them: ask the bank now, not at the next round.

    A page that asks by itself hears what is new as a part, or that nothing is.
    """
    by_page = request.headers.get("HX-Request") == "true"
    view = read_pay(_own(request, number))
    said = None
    if view.stage == WAITING and view.attempt is not None:
        try:
            said = ask_for_buyer(view.attempt.pk, now=request.now)
        except ChannelDown:
            if not by_page:
                messages.warning(request, _("The bank does not answer at the moment. We keep asking."))
    unpaid = said is not None and said.state in (ChannelState.PENDING, ChannelState.UNKNOWN) and not said.under_way
    if by_page:
        seen = request.POST.get("v", "")
        return _news(
            request, number, seen=seen, asked="asked" in request.POST or (unpaid and "quiet" not in request.POST)
        )
    result = reverse("storefront:pay_result", args=[view.trade.number])
    return redirect(f"{result}?asked=1" if unpaid else result)
