"""The category tree with what is in it."""

from dataclasses import dataclass

from django.db.models import Count

from wanku.catalog.models import Category, Product, ProductState


@dataclass(frozen=True, slots=True)
class Node:
    """A category in the order of the tree; `depth` is zero at the root."""

    category: Category
    depth: int
    products: int


def tree() -> list[Node]:
    """The whole tree in two queries, parents before children."""
    rows = list(Category.objects.all())
    counted = Product.objects.filter(state=ProductState.ON_SALE).values("category_id").annotate(count=Count("pk"))
    products = {row["category_id"]: row["count"] for row in counted}
    below: dict[int | None, list[Category]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    nodes: list[Node] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in below.get(parent, []):
            nodes.append(Node(row, depth, products.get(row.pk, 0)))
            walk(row.pk, depth + 1)

    walk(None, 0)
    return nodes
