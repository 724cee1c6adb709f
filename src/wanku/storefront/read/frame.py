"""What every page of the storefront shows around its content."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from wanku.access.actor import Actor
from wanku.catalog.models import Category
from wanku.catalog.queries import Tree, tree
from wanku.merchants.models import Merchant


def tree_of(request: HttpRequest) -> Tree:
    """The category tree, read once a request."""
    known: Tree | None = getattr(request, "category_tree", None)
    if known is None:
        known = tree()
        cast(Any, request).category_tree = known
    return known


def category_url(category: Category) -> str:
    """Address of a category's list."""
    return reverse("storefront:list", args=[category.path])


def category_links(request: HttpRequest) -> list[dict[str, Any]]:
    """The top level for the bar under the header."""
    return [
        {"name": c.name, "url": (url := category_url(c)), "current": request.path.startswith(url)}
        for c in tree_of(request).roots
    ]


def desk_links(actor: Actor) -> list[dict[str, str]]:
    """Desks at which the reader works; one query for those who have a seat at a shop."""
    shops = Merchant.objects.filter(pk__in=list(actor.seats)).order_by("name") if actor.seats else ()
    links = [{"label": shop.name, "url": f"/desk/{shop.slug}/", "icon": "store"} for shop in shops]
    if actor.platform:
        links.append({"label": _("Platform desk"), "url": "/platform/", "icon": "landmark"})
    return links
