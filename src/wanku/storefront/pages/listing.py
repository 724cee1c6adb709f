"""Lists: by category, by words, and in a shop; and suggestions while someone types."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from wanku.catalog.models import Product
from wanku.catalog.queries import suggest as suggested
from wanku.catalog.search import QUERY_MAX, Sort
from wanku.kernel.money import Money
from wanku.kinds.meal.models import Kitchen
from wanku.merchants.models import Merchant
from wanku.storefront.kept import keep
from wanku.storefront.read.cards import product_url
from wanku.storefront.read.frame import category_url, tree_of
from wanku.storefront.read.listing import CURRENCY, Asked, Listing, asked, listing
from wanku.storefront.read.shop import shop_facts
from wanku.storefront.read.shown import ShownCards
from wanku.ui.kept.page import Drawn
from wanku.ui.request import Request
from wanku.ui.words import money_text

# Order by sales and rating, and the counts beside filters, may be this old, seconds.
AGE_MAX = 15.0


@require_safe
def category_list(request: Request, path: str) -> HttpResponse:
    """Products of a category and all below it."""
    return keep(request, lambda asking: _category(asking, path))


def _category(request: Request, path: str) -> Drawn:
    tree = tree_of(request)
    category = tree.at(path.strip("/"))
    if category is None:
        raise Http404
    ask = asked(request.GET, path=category.path)
    trail = [(c.name, category_url(c)) for c in tree.trail(category)]
    crumbs = [(_("Start"), reverse("storefront:home")), *trail[:-1], (category.name, "")]
    return _listed(request, ask, {"heading": category.name, "crumbs": crumbs, "category": category})


@require_safe
def search_list(request: Request) -> HttpResponse:
    """Products by words; without words all of them."""
    return keep(request, _search)


def _search(request: Request) -> Drawn:
    ask = asked(request.GET)
    tree = tree_of(request)
    links = [(c.name, category_url(c)) for c in tree.named(ask.query)[:6]]
    shops = Merchant.objects.shown().filter(name__icontains=ask.query)[:4] if ask.query else []
    heading = _("Results for “%(query)s”") % {"query": ask.query} if ask.query else _("All products")
    return _listed(request, ask, {"heading": heading, "category_links": links, "shops": shops})


@require_safe
def shop(request: Request, slug: str) -> HttpResponse:
    """A shop: who it is, and what it offers."""
    return keep(request, lambda asking: _shop(asking, slug))


def _shop(request: Request, slug: str) -> Drawn:
    merchant = get_object_or_404(Merchant.objects.visible_to(request.actor), slug=slug)
    ask = asked(request.GET, merchant_id=merchant.pk)
    has_menu = Kitchen.objects.filter(pk=merchant.pk).exists()
    more = {"merchant": merchant, "facts": shop_facts(merchant), "heading": merchant.name, "has_menu": has_menu}
    return _listed(request, ask, more, template="storefront/shop.html")


@require_safe
def suggest(request: Request) -> HttpResponse:
    """Lines under the search field: categories and products that begin like what was typed."""
    text = request.GET.get("q", "")[:QUERY_MAX]
    products = suggested(text, Product.objects.on_sale())
    lines = [(c.name, category_url(c), "layout-grid") for c in tree_of(request).named(text)[:3]]
    lines += [(p.title, product_url(p), "search") for p in products]
    return render(request, "storefront/_suggest.html", {"lines": lines})


def _listed(request: Request, ask: Asked, more: Mapping[str, Any], template: str = "storefront/list.html") -> Drawn:
    tree = tree_of(request)
    found = listing(ask, tree, now=request.now)
    context = {
        "ask": ask,
        "found": found,
        "q": ask.query,
        "sorts": _sorts(request.GET, ask),
        "branches": [(b.category.name, _branch_url(request.GET, b.category.path), b.count) for b in found.branches],
        "ratings": [(n, found.facets.ratings[n], ask.filters.rating_min == n) for n in found.facets.ratings],
        "shops_found": [(*row, row[0] in ask.filters.merchants) for row in found.facets.merchants],
        "options": _options(found, ask),
        "chips": _chips(request.GET, ask, found),
        "clear": _without(request.GET, "min", "max", "rating", "shop", "stock", "opt", "page"),
        "place": "categories",
        **more,
    }
    return Drawn(template, context, ShownCards.of(found.cards), AGE_MAX)


def _sorts(given: QueryDict, ask: Asked) -> list[dict[str, Any]]:
    labels = {
        Sort.RELEVANCE: _("Best match") if ask.query else pgettext("order by", "Popular"),
        Sort.SALES: pgettext("order by", "Sales"),
        Sort.RATING: pgettext("order by", "Rating"),
        Sort.NEWEST: pgettext("order by", "Newest"),
        Sort.CHEAPEST: _("Price, low to high"),
        Sort.DEAREST: _("Price, high to low"),
    }
    if not ask.query:
        del labels[Sort.SALES]
    current = ask.sort if ask.sort in labels else Sort.RELEVANCE
    return [
        {"label": text, "url": _with(given, "sort", sort), "current": sort == current} for sort, text in labels.items()
    ]


def _options(found: Listing, ask: Asked) -> list[tuple[str, list[tuple[str, int, bool]]]]:
    return [
        (name, [(value, n, value in ask.filters.options.get(name, ())) for value, n in values])
        for name, values in found.facets.options
    ]


def _chips(given: QueryDict, ask: Asked, found: Listing) -> list[tuple[str, str]]:
    """What is narrowed down, each with the address that takes it back."""
    f = ask.filters
    chips = []
    if f.price_min is not None or f.price_max is not None:
        low = money_text(Money(f.price_min, CURRENCY)) if f.price_min is not None else ""
        high = money_text(Money(f.price_max, CURRENCY)) if f.price_max is not None else ""
        chips.append((f"{low} – {high}", _without(given, "min", "max", "page")))
    if f.rating_min is not None:
        chips.append((_("%(n)s stars and more") % {"n": f.rating_min}, _without(given, "rating", "page")))
    names = {key: name for key, name, _count in found.facets.merchants}
    chosen = [text for text in given.getlist("shop") if text.isascii() and text.isdigit() and int(text) in names]
    chips += [(names[int(text)], _less(given, "shop", text)) for text in chosen]
    if ask.in_stock:
        chips.append((_("In stock"), _without(given, "stock", "page")))
    for name, values in f.options.items():
        chips += [(f"{name}: {value}", _less(given, "opt", f"{name}:{value}")) for value in values]
    return chips


def _with(given: QueryDict, name: str, value: str) -> str:
    changed = given.copy()
    changed[name] = value
    changed.pop("page", None)
    return f"?{changed.urlencode()}"


def _without(given: QueryDict, *names: str) -> str:
    changed = given.copy()
    for name in names:
        changed.pop(name, None)
    return f"?{changed.urlencode()}"


def _less(given: QueryDict, name: str, value: str) -> str:
    changed = given.copy()
    changed.setlist(name, [other for other in given.getlist(name) if other != value])
    changed.pop("page", None)
    return f"?{changed.urlencode()}"


def _branch_url(given: QueryDict, path: str) -> str:
    """A category's list with the same words and filters."""
    kept = given.copy()
    kept.pop("page", None)
    query = kept.urlencode()
    return reverse("storefront:list", args=[path]) + (f"?{query}" if query else "")
