"""Reading the catalogue: the tree, cards of lists, and what goes with a product."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from wanku.catalog.models import Category, Product, ProductPicture, Variant
from wanku.catalog.search import Filters, Sort, search
from wanku.catalog.split import fold

SUGGESTED_MAX = 8


@dataclass(frozen=True, slots=True)
class Tree:
    """All open categories, read with one query; every question about them is answered in memory."""

    all: Sequence[Category]

    @property
    def roots(self) -> list[Category]:
        """The top level, in order."""
        return [c for c in self.all if c.parent_id is None]

    def children(self, category: Category | None) -> list[Category]:
        """Directly below a category, or the top level."""
        return [c for c in self.all if c.parent_id == (category.pk if category else None)]

    def at(self, path: str) -> Category | None:
        """The category with this path."""
        return next((c for c in self.all if c.path == path), None)

    def trail(self, category: Category) -> list[Category]:
        """From the root to the category itself."""
        by_id = {c.pk: c for c in self.all}
        found = [category]
        while (parent_id := found[0].parent_id) is not None and parent_id in by_id:
            found.insert(0, by_id[parent_id])
        return found

    def named(self, text: str) -> list[Category]:
        """Those whose name in any language contains the text."""
        wanted = fold(text).strip()
        return [c for c in self.all if wanted and any(wanted in fold(name) for name in c.names.values())]


def tree() -> Tree:
    """The open category tree: one query. Below a closed category nothing is shown."""
    rows = list(Category.objects.filter(is_open=True).order_by("position", "id"))
    shown = {c.path for c in rows}
    return Tree([c for c in rows if all(part in shown for part in _above(c.path))])


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:i]) for i in range(1, len(parts))]


def first_pictures(product_ids: Iterable[int]) -> dict[int, uuid.UUID]:
    """The first stored picture of each product, in one query."""
    rows = (
        ProductPicture.objects.filter(product_id__in=list(product_ids), picture_id__isnull=False)
        .order_by("product_id", "position", "id")
        .distinct("product_id")
        .values_list("product_id", "picture_id")
    )
    return {product_id: picture_id for product_id, picture_id in rows if picture_id is not None}


def active_variants(product_ids: Iterable[int]) -> dict[int, list[Variant]]:
    """Offered variants by product, in order, in one query."""
    found: dict[int, list[Variant]] = {}
    for variant in Variant.objects.filter(product_id__in=list(product_ids), is_active=True):
        found.setdefault(variant.product_id, []).append(variant)
    return found


def related(product: Product, within: QuerySet[Product], limit: int) -> list[Product]:
    """What else someone who looks at a product may want: best sellers of its category, then of its shop.

    One query, two where the category has too few; an index serves each.
    """
    others = within.exclude(pk=product.pk).order_by("-sold_count", "-pk")
    near = list(others.filter(category_id=product.category_id)[:limit])
    if len(near) < limit:
        known = {row.pk for row in near}
        more = others.filter(merchant_id=product.merchant_id).exclude(pk__in=known)
        near += more[: limit - len(near)]
    return near


def suggest(text: str, within: QuerySet[Product]) -> list[Product]:
    """Products whose words begin like this, best fits first; for a field that answers while someone types."""
    if not fold(text).strip():
        return []
    found = search(text, Filters(), Sort.RELEVANCE, within=within, similar=False)
    return list(found.products.select_related("merchant")[:SUGGESTED_MAX])
