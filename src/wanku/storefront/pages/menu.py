"""A shop's menu with its basket, and the code on a table that opens it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.carts.queries import count_pieces
from wanku.catalog.models import Product
from wanku.flows.buying.change_cart import CartChange, change_cart
from wanku.flows.buying.fill_cart import fill_cart
from wanku.flows.buying.move_meals import move_meals
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kinds.forms import choice_text, collect
from wanku.kinds.meal.choice import MealChoice
from wanku.kinds.meal.kind import MealKind
from wanku.kinds.meal.models import Table
from wanku.kinds.registry import KINDS, read_choice
from wanku.merchants.models import SHOWN_STATES, Merchant
from wanku.storefront.pages.cart import posted_wish
from wanku.storefront.read.choosing import read_choosing
from wanku.storefront.read.menu import Menu, basket_items, read_menu
from wanku.storefront.typed import whole_number
from wanku.ui.actor import ensure_guest
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

ASKED = ("at", "way", "table")


@require_safe
def menu(request: Request, slug: str) -> HttpResponse:
    """All dishes, for the way and time that were asked for."""
    shop = _shop(request, slug)
    return render(request, "storefront/menu/menu.html", _context(request, shop, _asked(request.GET)))


@require_safe
def table(request: Request, token: str) -> HttpResponse:
    """What the code on a table leads to: the menu with the table set."""
    found = Table.objects.filter(token=token, merchant__state__in=SHOWN_STATES).select_related("merchant").first()
    if found is None:
        raise Http404
    place = reverse("storefront:menu", args=[found.merchant.slug])
    return redirect(f"{place}?{urlencode({'way': 'table', 'table': found.token})}")


@require_safe
def dish(request: Request, slug: str, dish_id: int) -> HttpResponse:
    """One dish to choose from, for the dialog on the menu; its price follows what is chosen."""
    shop = _shop(request, slug)
    rows = Product.objects.on_sale().filter(merchant=shop, kind=MealKind.code).select_related("merchant")
    found = get_object_or_404(rows.prefetch_related("variants"), pk=dish_id)
    given = request.GET.copy()
    # The menu names the time and way shortly; a form with its first reading asks for nothing else yet.
    fresh = not any(name.startswith("choice.") for name in given)
    for name, text in _asked(given).items():
        given[f"choice.{name}"] = text
    choosing = read_choosing(found, _with_first(given, found, request) if fresh else given, now=request.now)
    context = {"shop": shop, "product": found, "choosing": choosing, "url": request.path, "asked": _asked(request.GET)}
    return render(request, "storefront/menu/dish.html", context)


@require_POST
def menu_add(request: Request, slug: str) -> HttpResponse:
    """Put a dish into the basket; answers htmx with the basket."""
    shop = _shop(request, slug)
    try:
        wish = posted_wish(request.POST)
        choice = choice_text(_choice(request.POST).model_dump(mode="json", exclude_defaults=True))
        ensure_guest(request)
        fill_cart(wish.variant_id, wish.quantity, (), actor=request.actor, now=request.now, choice=choice)
    except Refusal as no:
        return _again(request, shop, error=refusal_text(no))
    return _again(request, shop, done=_("It is in your basket."))


@require_POST
def menu_change(request: Request, slug: str) -> HttpResponse:
    """Change portions, take something out, bring all of it to one time, or go to the checkout with it."""
    shop, post = _shop(request, slug), request.POST
    try:
        if post.get("what") == "checkout":
            _select_only(request, shop)
            return redirect("storefront:checkout")
        if post.get("what") == "move":
            move_meals(shop.pk, _choice(post), actor=request.actor, now=request.now)
        else:
            change_cart(_change(post), actor=request.actor, now=request.now)
    except Refusal as no:
        return _again(request, shop, error=refusal_text(no))
    return _again(request, shop)


def _select_only(request: Request, shop: Merchant) -> None:
    """The checkout takes what is chosen in the cart: this basket and nothing else."""
    items = basket_items(shop.pk, request.actor, now=request.now)
    chosen = tuple((item.id, True) for item in items)
    change_cart(CartChange(select_all=False), actor=request.actor, now=request.now)
    change_cart(CartChange(selected=chosen), actor=request.actor, now=request.now)


def _change(post: QueryDict) -> CartChange:
    line, quantity = whole_number(post.get("line", "")), whole_number(post.get("quantity", "1"))
    if line is not None and post.get("what") == "remove":
        return CartChange(removed=[line])
    if line is not None and quantity is not None and post.get("what") == "quantity":
        return CartChange(quantities=((line, quantity),))
    raise Refusal(BAD_VALUE, field="what", problem=gettext_noop("This is not something a cart can do."))


def _choice(post: QueryDict) -> MealChoice:
    found = read_choice(KINDS[MealKind.code], choice_text(collect(post, "choice")))
    if not isinstance(found, MealChoice):
        raise TypeError(found)
    return found


def _asked(given: QueryDict) -> dict[str, str]:
    """Time, way and table as the address or a form names them."""
    texts = {name: given.get(name) or given.get(f"choice.{name}", "") for name in ASKED}
    return {name: text[:60] for name, text in texts.items() if text}


def _with_first(given: QueryDict, product: Product, request: Request) -> QueryDict:
    """What the dialog shows as chosen at first: the options that must be chosen, so that it has a price at once."""
    shown: Mapping[str, Any] = KINDS[MealKind.code].show(product.pk, _asked(request.GET), now=request.now)
    for each in shown.get("groups", ()):
        for option in each["options"]:
            if option["checked"] and not option["out"]:
                given[f"choice.options.o{option['id']}"] = str(option["id"])
    if shown and "choice.at" not in given:
        given["choice.at"], given["choice.way"] = shown["when"].at, shown["when"].way
    return given


def _again(request: Request, shop: Merchant, *, done: str = "", error: str = "") -> HttpResponse:
    asked = _asked(request.POST)
    if request.htmx:
        more = {"swap": True, "done": done, "error": error, "cart_count": count_pieces(request.actor)}
        return render(request, "storefront/menu/basket.html", {**_context(request, shop, asked), **more})
    if done or error:
        (messages.error if error else messages.success)(request, error or done)
    return redirect(f"{reverse('storefront:menu', args=[shop.slug])}?{urlencode(asked)}")


def _context(request: Request, shop: Merchant, asked: Mapping[str, str]) -> dict[str, Any]:
    found: Menu | None = read_menu(shop, asked, actor=request.actor, now=request.now)
    if found is None:
        raise Http404
    here = {"at": found.when.at, "way": found.when.way, "table": found.when.table}
    query = urlencode({name: text for name, text in here.items() if text})
    return {"menu": found, "shop": shop, "query": query, "place": "categories"}


def _shop(request: Request, slug: str) -> Merchant:
    return get_object_or_404(Merchant.objects.visible_to(request.actor), slug=slug)
