"""The waiting room: taking a place, seeing the line move, going to the checkout, giving the place back."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wanku.audit.rules import current
from wanku.catalog.models import Product
from wanku.flows.queueing.join_room import join_room
from wanku.flows.queueing.leave_room import leave_room
from wanku.kernel.refusal import Refusal
from wanku.storefront.pages.cart import posted_wish
from wanku.storefront.read.cards import product_url
from wanku.storefront.read.room import RoomView, product_with_room, read_room_of, wish_of
from wanku.storefront.read.wishes import wish_text
from wanku.ui.actor import ensure_guest
from wanku.ui.request import Request
from wanku.ui.words import refusal_text
from wanku.waiting_room.states import ADMITTED


@require_safe
@never_cache
def room(request: Request, merchant: str, slug: str) -> HttpResponse:
    """The line as it is now; without script the page reads itself again every few seconds."""
    product = _product(request, merchant, slug)
    if not product.waiting_room:
        messages.info(request, _("There is no queue for this any more; you can order it right away."))
        return redirect(product_url(product))
    view = read_room_of(product, request.actor, request.now)
    return render(request, "storefront/room.html", {**_shown(view, request.now), "place": "room"})


@require_safe
@never_cache
def room_live(request: Request, merchant: str, slug: str) -> HttpResponse:
    """The living part; answers "nothing new" while the reader already sees this."""
    product = _product(request, merchant, slug)
    if not product.waiting_room:
        return HttpResponse(headers={"HX-Redirect": product_url(product)})
    view = read_room_of(product, request.actor, request.now)
    if request.GET.get("v") == view.version:
        return HttpResponse(status=204)
    return render(request, "storefront/room_body.html", _shown(view, request.now))


@require_POST
def room_join(request: Request, merchant: str, slug: str) -> HttpResponse:
    """Take a place; straight on to the checkout where nobody waits."""
    product = _product(request, merchant, slug)
    wish = posted_wish(request.POST) if "variant" in request.POST else None
    ensure_guest(request)
    try:
        ticket = join_room(product.pk, wish=wish, actor=request.actor, now=request.now)
    except Refusal as no:
        if no.code.status != 409:
            raise
        messages.warning(request, refusal_text(no))
        return redirect(_room_url(product) if no.code.name == "sold_out" else product_url(product))
    told = wish_of(ticket)
    if ticket.state == ADMITTED and told is not None:
        return HttpResponseRedirect(_checkout_url(wish_text(told)))
    return redirect(_room_url(product))


@require_POST
def room_leave(request: Request, merchant: str, slug: str) -> HttpResponse:
    """Give the place back; harmless for who has none."""
    product = _product(request, merchant, slug)
    if request.actor.is_member or request.actor.guest_key is not None:
        try:
            leave_room(product.pk, actor=request.actor, now=request.now)
        except Refusal:
            return redirect(_room_url(product))
        messages.info(request, _("You have left the queue. Your place went to the next."))
    return redirect(product_url(product))


def _product(request: Request, merchant: str, slug: str) -> Product:
    found = product_with_room(request.actor, merchant, slug)
    if found is None:
        raise Http404
    return found


def _shown(view: RoomView, now: datetime) -> dict[str, object]:
    wish = view.wish
    trade = view.ticket.trade if view.ticket and view.ticket.trade_id else None
    return {
        "view": view,
        "product": view.product,
        "url": product_url(view.product),
        "checkout_url": _checkout_url(wish_text(wish)) if wish else reverse("storefront:cart"),
        "trade": trade,
        "drawn_at": int(now.timestamp() * 1000),
        "pass_seconds": current()["room_pass"],
    }


def _room_url(product: Product) -> str:
    return reverse("storefront:room", args=[product.merchant.slug, product.slug])


def _checkout_url(text: str) -> str:
    return f"{reverse('storefront:checkout')}?{urlencode({'buy': text})}"
