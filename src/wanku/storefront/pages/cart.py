"""The cart, and the two ways to start buying."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wanku.carts.queries import CartView, count_pieces, read_cart
from wanku.files.queries import pictures_by_id
from wanku.flows.buying.change_cart import CartChange, change_cart
from wanku.flows.buying.fill_cart import fill_cart
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kinds.forms import choice_text, collect
from wanku.pricing.quote import SHIP, Wish
from wanku.storefront.read.wishes import wish_text
from wanku.storefront.typed import whole_number
from wanku.ui.actor import ensure_guest
from wanku.ui.request import Request
from wanku.ui.words import refusal_text


@require_GET
def cart(request: Request) -> HttpResponse:
    """What is in the cart, by shop, with today's prices."""
    return render(request, "storefront/buy/cart.html", _shown(read_cart(request.actor, now=request.now)))


def _shown(view: CartView) -> Mapping[str, Any]:
    pictures = pictures_by_id(item.offer.picture_id for item in view.items)
    return {"cart": view, "pictures": pictures, "place": "cart", "cart_count": sum(i.quantity for i in view.items)}


@require_POST
def cart_add(request: Request) -> HttpResponse:
    """Put a variant with its add-ons into the cart; stays on the page when htmx asks."""
    try:
        wish = posted_wish(request.POST)
        ensure_guest(request)
        fill_cart(
            wish.variant_id, wish.quantity, wish.add_ons, actor=request.actor, now=request.now, choice=wish.choice
        )
    except Refusal as no:
        if request.POST.get("kind", SHIP) == SHIP or request.htmx:
            raise
        return _choose_again(request, no)
    if request.htmx:
        return render(request, "storefront/buy/cart_added.html", {"cart_count": count_pieces(request.actor)})
    messages.success(request, _("It is in your cart."))
    return redirect("storefront:cart")


def _choose_again(request: Request, no: Refusal) -> HttpResponse:
    """Back to the page of what is not goods, with everything that was chosen, and why it cannot be had so."""
    place = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(place, allowed_hosts=None):
        raise no
    messages.error(request, refusal_text(no))
    chosen = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "next", "kind"):
        chosen.pop(name, None)
    return redirect(f"{place.partition('?')[0]}?{chosen.urlencode()}#buy")


@require_POST
def buy_now(request: Request) -> HttpResponse:
    """Straight to the checkout with one thing, past the cart."""
    wish = posted_wish(request.POST)
    address = f"{reverse('storefront:checkout')}?{urlencode({'buy': wish_text(wish)})}"
    if request.htmx:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


@require_POST
def cart_change(request: Request) -> HttpResponse:
    """Change pieces, choice or prices seen, or remove lines; answers with the new cart."""
    try:
        change_cart(_change(request.POST), actor=request.actor, now=request.now)
    except Refusal as no:
        if not request.htmx:
            messages.error(request, refusal_text(no))
            return redirect("storefront:cart")
        return _again(request, error=refusal_text(no))
    return _again(request) if request.htmx else redirect("storefront:cart")


def _again(request: Request, *, error: str = "") -> HttpResponse:
    shown = {**_shown(read_cart(request.actor, now=request.now)), "error": error, "swap": True}
    return render(request, "storefront/buy/cart_body.html", shown)


def _change(post: QueryDict) -> CartChange:
    """The one change that a form of the cart asks for."""
    what = post.get("what", "")
    lines = [_number(text, "line") for text in post.getlist("line")]
    if what == "quantity" and lines:
        return CartChange(quantities=((lines[0], _number(post.get("quantity", ""), "quantity")),))
    if what == "select" and lines:
        chosen = {_number(text, "selected") for text in post.getlist("selected")}
        wanted = set(lines) if "all" in post else chosen
        return CartChange(selected=tuple((line, line in wanted) for line in lines))
    if what == "select_all":
        return CartChange(select_all="selected" in post)
    if what == "remove":
        return CartChange(removed=lines)
    if what == "accept":
        return CartChange(accept_prices=True)
    raise Refusal(BAD_VALUE, field="what", problem=gettext_noop("This is not something a cart can do."))


def posted_wish(post: QueryDict) -> Wish:
    """What a product's form asks for.

    Raises:
        Refusal: ``bad_value`` with the field.
    """
    add_ons = tuple(_number(text, "add_on") for text in post.getlist("add_on")[:20] if text)
    variant, quantity = _number(post.get("variant", ""), "variant"), _number(post.get("quantity", "1"), "quantity")
    return Wish(variant, quantity, add_ons, choice_text(collect(post, "choice")))


def _number(text: str, field: str) -> int:
    """A plain positive number that a form holds.

    Raises:
        Refusal: ``bad_value`` with the field.
    """
    number = whole_number(text)
    if number is None:
        problem = {
            "variant": gettext_noop("Please choose a variant first."),
            "quantity": gettext_noop("The quantity must be a whole number from 1 to 999."),
        }.get(field, gettext_noop("This is not a number."))
        raise Refusal(BAD_VALUE, field=field, problem=problem)
    return number
