"""A product's page, and asking a question on it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.catalog.models import Product, ProductState
from wanku.flows.talking.ask_question import ask_question
from wanku.kernel.refusal import Refusal
from wanku.pricing.quote import SHIP
from wanku.storefront.kept import keep
from wanku.storefront.pages.compare import compared
from wanku.storefront.read.cards import product_url
from wanku.storefront.read.choosing import read_choosing
from wanku.storefront.read.frame import category_url, tree_of
from wanku.storefront.read.product import LOW_STOCK, read_product
from wanku.storefront.read.reviews import FILTERS
from wanku.storefront.read.shown import shown_product
from wanku.ui.kept.page import Drawn
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

QUESTION_MAX = 300
# Words such as “in 3 hours”, and which products are similar, may be this old, seconds. What is not goods is drawn anew
# for everybody: its page tells what is free, which changes with every order.
AGE_MAX = 30.0
# The same that Django's json_script escapes: the text cannot end the element it stands in.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@require_safe
def product(request: Request, merchant: str, slug: str) -> HttpResponse:
    """Everything that a buyer wants to know before buying."""
    if "csrfmiddlewaretoken" in request.GET:
        # Without script the form asks for its price by GET and takes its hidden field along.
        rest = request.GET.copy()
        del rest["csrfmiddlewaretoken"]
        return HttpResponseRedirect(f"{product_url(_product(request, merchant, slug))}?{rest.urlencode()}")
    picked = tuple(compared(request))
    return keep(request, lambda asking: _draw(asking, _product(asking, merchant, slug), picked), *picked)


@require_POST
def ask(request: Request, merchant: str, slug: str) -> HttpResponse:
    """Ask the merchant in public; what was typed stays when it is refused."""
    found = _product(request, merchant, slug)
    text = request.POST.get("text", "")
    try:
        ask_question(found.pk, text, request.actor, request.now)
    except Refusal as refusal:
        if refusal.code.status == 401:
            raise
        drawn = _draw(request, found, compared(request), question=text, refusal=refusal)
        return render(request, drawn.template, drawn.context, status=refusal.code.status)
    messages.success(request, _("Your question was sent. The shop's answer will appear here, and we tell you."))
    return HttpResponseRedirect(f"{product_url(found)}#questions")


def _product(request: Request, merchant: str, slug: str) -> Product:
    visible = Product.objects.visible_to(request.actor).select_related("merchant", "category")
    return get_object_or_404(visible, merchant__slug=merchant, slug=slug)


def _draw(
    request: Request, found: Product, picked: Sequence[int], *, question: str = "", refusal: Refusal | None = None
) -> Drawn:
    page = read_product(found, request.GET, request.now)
    tree = tree_of(request)
    trail = [(c.name, category_url(c)) for c in tree.trail(found.category)]
    context = {
        "page": page,
        "choosing": read_choosing(found, request.GET, now=request.now),
        "product": found,
        "url": product_url(found),
        "shop_url": reverse("storefront:shop", args=[found.merchant.slug]),
        "crumbs": [(_("Start"), reverse("storefront:home")), *trail, (found.title, "")],
        "variants_json": _data(page.variants),
        "low": page.chosen is not None and 0 < page.chosen.left <= LOW_STOCK,
        "offered": found.state == ProductState.ON_SALE,
        "review_tabs": _review_tabs(page.reviews.counts, page.reviews.chosen),
        "compared": found.pk in picked,
        "question": question,
        "question_error": refusal_text(refusal) if refusal else "",
        "question_max": QUESTION_MAX,
    }
    return Drawn("storefront/product.html", context, shown_product(page), AGE_MAX if found.kind == SHIP else 0.0)


def _review_tabs(counts: Mapping[str, int], chosen: str) -> list[dict[str, Any]]:
    words = {
        "all": pgettext("reviews", "All"),
        "pictures": _("With pictures"),
        "good": pgettext("reviews", "Good"),
        "middling": pgettext("reviews", "Middling"),
        "poor": pgettext("reviews", "Poor"),
    }
    return [
        {"label": words[name], "url": f"?show={name}#reviews", "count": counts[name], "current": name == chosen}
        for name in FILTERS
        if name == "all" or counts[name]
    ]


def _data(variants: Sequence[Mapping[str, Any]]) -> SafeString:
    """Variants for the `variants` part of the front end, as data and never as script."""
    text = json.dumps(list(variants), ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/json" data-variants>{}</script>', mark_safe(text))  # noqa: S308
