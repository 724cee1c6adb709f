"""A list of products: what was asked for, what was found, and what else could be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from wanku.catalog.count_facets import Facets, count_facets
from wanku.catalog.models import Category, Product
from wanku.catalog.queries import Tree
from wanku.catalog.search import QUERY_MAX, Filters, Sort, search
from wanku.kernel.money import from_major
from wanku.kernel.text import clean
from wanku.kinds.registry import to_be_had
from wanku.storefront.read.cards import Card, cards, for_cards

PAGE_SIZE = 24
# Nobody turns two hundred pages; a count beyond this would only cost time.
COUNT_MAX = 5_000
CHOICES_MAX = 20
CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Asked:
    """A list's address, understood.

    Attributes:
        problems: what was typed wrong, by parameter; the rest still applies.
        low, high: the price fields as they were typed.
    """

    query: str
    sort: Sort
    filters: Filters
    in_stock: bool
    page: str
    low: str = ""
    high: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def narrowed(self) -> int:
        """How many kinds of filters are on."""
        f = self.filters
        chosen = [f.price_min is not None or f.price_max is not None, f.rating_min, f.merchants, self.in_stock]
        return sum(map(bool, chosen)) + sum(1 for values in f.options.values() if values)


@dataclass(frozen=True, slots=True)
class Branch:
    """A category to go to, with what it would hold."""

    category: Category
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page shows."""

    page: Page[Product]
    cards: Sequence[Card]
    facets: Facets
    branches: Sequence[Branch]
    similar: bool


def asked(given: QueryDict, *, path: str = "", merchant_id: int | None = None) -> Asked:
    """Read a list's parameters; what cannot be read is named and left out, never an error page.

    Parameters: ``q``, ``sort``, ``min`` and ``max`` (major units), ``rating``, ``shop`` (repeated), ``stock``,
    ``opt`` (``name:value``, repeated), ``page``.
    """
    problems: dict[str, str] = {}
    low, high = _price(given, "min", problems), _price(given, "max", problems)
    if low is not None and high is not None and low > high:
        problems["max"] = _("The highest price is below the lowest.")
        high = None
    rating = given.get("rating", "")
    shops = [merchant_id] if merchant_id is not None else _numbers(given.getlist("shop"))
    filters = Filters(
        path=path,
        price_min=low,
        price_max=high,
        rating_min=int(rating) if rating in ("2", "3", "4") else None,
        merchants=tuple(shops),
        options=_options(given.getlist("opt")),
    )
    sort = given.get("sort", "")
    return Asked(
        query=clean(given.get("q", ""))[:QUERY_MAX],
        sort=Sort(sort) if sort in list(Sort) else Sort.RELEVANCE,
        filters=filters,
        in_stock=given.get("stock") == "1",
        page=given.get("page", "1"),
        low=given.get("min", "")[:20],
        high=given.get("max", "")[:20],
        problems=problems,
    )


def listing(ask: Asked, tree: Tree, *, now: datetime) -> Listing:
    """Find and count: nine queries, ten with words, besides the tree."""
    within: QuerySet[Product] = Product.objects.on_sale()
    if ask.in_stock:
        within = within.filter(to_be_had(now=now))
    found = search(ask.query, ask.filters, ask.sort, within=within)
    paginator = Paginator(for_cards(found.products), PAGE_SIZE)
    paginator.count = found.products.order_by().values("pk")[:COUNT_MAX].count()
    page = paginator.get_page(ask.page)
    [shown] = cards(page.object_list)
    base = search(ask.query, Filters(), Sort.SALES, within=within, similar=found.similar).products
    facets = count_facets(base, ask.filters)
    return Listing(page, shown, facets, _branches(tree, ask.filters.path, facets), found.similar)


def _branches(tree: Tree, path: str, facets: Facets) -> list[Branch]:
    """The categories below the current one that hold something, counted over their subtrees; all, when uncounted."""
    below = tree.children(tree.at(path) if path else None)
    if not facets.is_exact:
        return [Branch(c, 0) for c in below]
    counts = facets.categories
    found = [Branch(c, sum(counts.get(d.pk, 0) for d in tree.all if _within(d.path, c.path))) for c in below]
    return [branch for branch in found if branch.count]


def _within(path: str, top: str) -> bool:
    return path == top or path.startswith(f"{top}/")


def _price(given: QueryDict, name: str, problems: dict[str, str]) -> int | None:
    text = given.get(name, "")[:20].strip().replace(",", "").replace("，", "").removeprefix("¥").removeprefix("￥")
    if not text:
        return None
    try:
        amount = from_major(Decimal(text), CURRENCY).amount
    except (ArithmeticError, ValueError):
        amount = -1
    if amount < 0:
        problems[name] = _("Type an amount such as 99 or 99.50.")
        return None
    return amount


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(t) for t in texts[:CHOICES_MAX] if t.isascii() and t.isdigit() and len(t) < 19]


def _options(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for text in texts[:CHOICES_MAX]:
        name, colon, value = clean(text).partition(":")
        if colon and name and value:
            found[name] = (*found.get(name, ()), value)
    return found
