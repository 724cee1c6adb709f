"""Products: the list, stock in place, offering and taking off."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.catalog.models import ProductState, Variant
from wanku.flows.selling.delist_product import delist_product
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.remove_product import remove_product
from wanku.flows.selling.restock_variant import restock_variant
from wanku.flows.selling.set_low_stock import set_low_stock
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import PASSED_ON, link, page, show
from wanku.merchant_desk.read import products as read
from wanku.merchants.models import Merchant
from wanku.ui.labels import label
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

NO_NUMBER = gettext_noop("Write a whole number of pieces.")
VERBS: dict[str, Callable[..., object]] = {"list": list_product, "delist": delist_product, "remove": remove_product}


@require_safe
@page(Permission.PRODUCTS_EDIT)
def listing(request: Request, shop: Merchant) -> HttpResponse:
    """Products by words and state, with stock to change in place."""
    q, state = asked.text(request, "q"), asked.choice(request, "state", read.STATES)
    found, rows = read.listing(read.search(shop.pk, q=q, state=state), request.GET.get("page"))
    counts = read.counts(shop.pk)
    tabs: list[dict[str, Any]] = [{"label": _("All"), "url": "?", "current": not state, "count": sum(counts.values())}]
    tabs += [
        {
            "label": label("product", key).text,
            "url": f"?state={key}",
            "current": key == state,
            "count": counts.get(key, 0),
        }
        for key in read.STATES
    ]
    context = {"page": found, "rows": rows, "tabs": tabs, "q": q, "state": state, "any": bool(counts)}
    return show(request, shop, "products.html", context)


@require_safe
@page(Permission.PRODUCTS_EDIT)
def low_stock(request: Request, shop: Merchant) -> HttpResponse:
    """What runs low, with stock and threshold to change in place."""
    return show(request, shop, "low_stock.html", {"page": read.low_rows(shop.pk, request.GET.get("page"))})


@require_POST
@page(Permission.PRODUCTS_EDIT)
def many(request: Request, shop: Merchant) -> HttpResponse:
    """Offer, take off or remove the chosen products, each by itself."""
    deed = VERBS.get(request.POST.get("verb", ""))
    back = request.POST.get("back", "")
    here = link(shop, "products")
    done = 0
    if deed is not None:
        ids = [key for text in asked.chosen(request) if (key := asked.whole(text)) is not None]
        own = read.own_products(shop.pk).filter(pk__in=ids).order_by("pk")
        for product in own:
            try:
                deed(product.pk, actor=request.actor, now=request.now)
                done += 1
            except Refusal as refusal:
                if refusal.code.status == 401:
                    raise
                messages.error(request, f"{product.title}: {refusal_text(refusal)}")
        if done:
            messages.success(request, ngettext("%(n)s product changed.", "%(n)s products changed.", done) % {"n": done})
    return HttpResponseRedirect(back if back.startswith(here) else here, status=303)


@require_POST
@page(Permission.PRODUCTS_EDIT)
def stock(request: Request, shop: Merchant, variant_id: int) -> HttpResponse:
    """Change stock or threshold of one variant; the field sends what it showed, so that only the difference counts."""
    variant = (
        Variant.objects.filter(pk=variant_id, merchant=shop, is_active=True)
        .exclude(product__state=ProductState.REMOVED)
        .select_related("product")
        .first()
    )
    if variant is None:
        raise Refusal(NOT_FOUND)
    problem: Refusal | None = None
    try:
        _change(request, variant_id)
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON:
            raise
        problem = refusal
    if not request.htmx:
        if problem:
            messages.error(request, refusal_text(problem))
        else:
            messages.success(request, _("Stock of %(title)s changed.") % {"title": variant.product.title})
        return HttpResponseRedirect(link(shop, "products"), status=303)
    row = read.stock_row(variant, read.supplies_of([variant]).get(variant.supply_key))
    context = {"row": row, "shop": shop, "problem": problem, "saved": problem is None, "low": "low_at" in request.POST}
    return render(request, "merchant_desk/_stock.html", context, status=problem.code.status if problem else 200)


def _change(request: Request, variant_id: int) -> None:
    told, was = asked.whole(request.POST.get("stock", "")), asked.whole(request.POST.get("was", ""))
    if told is None or was is None or told < 0:
        raise Refusal(BAD_VALUE, field="stock", problem=NO_NUMBER)
    if told != was:
        restock_variant(variant_id, told - was, because="edit", actor=request.actor, now=request.now)
    if "low_at" in request.POST:
        level = asked.whole(request.POST["low_at"])
        if level is None:
            raise Refusal(BAD_VALUE, field="low_at", problem=NO_NUMBER)
        set_low_stock(variant_id, level, actor=request.actor, now=request.now)
