"""How many products each further choice of a list would leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Max, Min, Q, QuerySet

from wanku.catalog.models import Product
from wanku.catalog.search import Filters, narrow

# What can be chosen is taken from at most this many products, so that a broad word costs no more than a narrow one;
# where there are more, the page shows the choices without numbers.
SAMPLE = 2_000
MERCHANTS_MAX = 12
OPTIONS_MAX = 6
VALUES_MAX = 16
RATINGS = (4, 3, 2)


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts by what can be chosen. Each list leaves its own choice aside, so that a second value can be added.

    Attributes:
        categories: products directly in each category id; sum over a subtree with the tree.
        merchants: (id, name, count), most first.
        ratings: products with at least so many points.
        options: (name, [(value, count)]), most common first.
        price: lowest and highest price, minor units; none without products.
        is_exact: whether the counts are of all products and not of a sample.
    """

    categories: Mapping[int, int]
    merchants: Sequence[tuple[int, str, int]]
    ratings: Mapping[int, int]
    options: Sequence[tuple[str, Sequence[tuple[str, int]]]]
    price: tuple[int, int] | None
    is_exact: bool


def count_facets(base: QuerySet[Product], filters: Filters) -> Facets:
    """Facets of a list, in four queries.

    Args:
        base: products that fit the words, before `filters`.
    """
    categories = _categories(_sample(base, replace(filters, path="")))
    merchants = _merchants(_sample(base, replace(filters, merchants=())))
    ratings, price, seen = _numbers(_sample(base, replace(filters, rating_min=None, price_min=None, price_max=None)))
    return Facets(
        ratings=ratings,
        is_exact=sum(categories.values()) < SAMPLE and seen < SAMPLE and sum(n for *_, n in merchants) < SAMPLE,
        price=price,
        categories=categories,
        merchants=merchants[:MERCHANTS_MAX],
        options=_options(_sample(base, replace(filters, options={}))),
    )


def _sample(base: QuerySet[Product], filters: Filters) -> QuerySet[Product, tuple[int]]:
    return narrow(base, filters).order_by().values_list("pk")[:SAMPLE]


def _categories(sample: QuerySet[Product, tuple[int]]) -> dict[int, int]:
    rows = Product.objects.filter(pk__in=sample).order_by().values_list("category_id").annotate(n=Count("pk"))
    return dict(rows)


def _merchants(sample: QuerySet[Product, tuple[int]]) -> list[tuple[int, str, int]]:
    rows = Product.objects.filter(pk__in=sample).order_by().values_list("merchant_id", "merchant__name")
    return [(key, name, n) for key, name, n in rows.annotate(n=Count("pk")).order_by("-n", "merchant_id")]


def _numbers(sample: QuerySet[Product, tuple[int]]) -> tuple[dict[int, int], tuple[int, int] | None, int]:
    rated = {f"r{n}": Count("pk", filter=Q(rating_count__gt=0, rating_sum__gte=F("rating_count") * n)) for n in RATINGS}
    row = Product.objects.filter(pk__in=sample).aggregate(
        n=Count("pk"), low=Min("price_min"), high=Max("price_max"), **rated
    )
    price = (row["low"], row["high"]) if row["low"] is not None else None
    return {n: row[f"r{n}"] for n in RATINGS}, price, row["n"]


def _options(sample: QuerySet[Product, tuple[int]]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Values that offered variants really have, by the name of their option."""
    try:
        products, arguments = sample.query.sql_with_params()
    except EmptyResultSet:
        # The words have nothing that could be searched for; Django knows that without asking.
        return []
    sql = f"""
        SELECT o.item ->> 'name' AS name, v.values ->> (o.place - 1)::int AS value, count(DISTINCT p.id) AS n
        FROM catalog_product p
        CROSS JOIN LATERAL jsonb_array_elements(p.options) WITH ORDINALITY AS o(item, place)
        JOIN catalog_variant v ON v.product_id = p.id AND v.is_active
        WHERE p.id IN ({products})
        GROUP BY 1, 2
        ORDER BY n DESC, 2
        LIMIT {OPTIONS_MAX * VALUES_MAX * 4}
    """  # noqa: S608 - the subquery is the ORM's own text with its arguments
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        rows = cursor.fetchall()
    grouped: dict[str, list[tuple[str, int]]] = {}
    for name, value, n in rows:
        if value is not None and len(grouped.setdefault(name, [])) < VALUES_MAX:
            grouped[name].append((value, n))
    most = sorted(grouped.items(), key=lambda item: -sum(n for _, n in item[1]))
    return most[:OPTIONS_MAX]
