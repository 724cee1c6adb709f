"""The start page and the page of all categories."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wanku.catalog.models import Category, Product
from wanku.catalog.queries import Tree
from wanku.storefront.kept import keep
from wanku.storefront.read import home as read
from wanku.storefront.read.frame import category_url, tree_of
from wanku.storefront.read.shown import ShownCards
from wanku.ui.kept.page import Drawn
from wanku.ui.request import Request

# What sells best, and what people praise, may be this old, seconds.
AGE_MAX = 15.0


@require_safe
def home(request: Request) -> HttpResponse:
    """Search, categories, what is new, what sells, what people praise, and the shops."""
    return keep(request, _home)


def _home(request: Request) -> Drawn:
    found = read.home(tree_of(request))
    roots = [{"name": c.name, "url": category_url(c), "icon": c.icon or "tag"} for c in found.roots]
    context = {"found": found, "roots": roots, "place": "home"}
    cards = [*found.new, *found.best, *(one.card for one in found.praise)]
    return Drawn("storefront/home.html", context, ShownCards.of(cards), AGE_MAX)


@require_safe
def categories(request: Request) -> HttpResponse:
    """The whole tree on one page, with what each branch holds."""
    tree = tree_of(request)
    counted = Product.objects.on_sale().order_by().values_list("category_id").annotate(n=Count("pk"))
    counts: dict[int, int] = dict(counted)
    roots = [_branch(tree, root, counts) for root in tree.roots]
    return render(request, "storefront/categories.html", {"roots": roots, "place": "categories"})


def _branch(tree: Tree, category: Category, counts: Mapping[int, int]) -> dict[str, Any]:
    below = [_branch(tree, child, counts) for child in tree.children(category)]
    return {
        "name": category.name,
        "url": category_url(category),
        "icon": category.icon or "tag",
        "count": counts.get(category.pk, 0) + sum(child["count"] for child in below),
        "below": below,
    }
