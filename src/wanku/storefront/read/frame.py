"""What every page of the storefront shows around its content."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from wanku.catalog.models import Category
from wanku.catalog.queries import Tree, tree


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
