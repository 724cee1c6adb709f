"""Finding products: by words, category, price, rating, shop and options."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import Exists, ExpressionWrapper, F, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Greatest, Ln

from wanku.catalog.models import Product, Variant
from wanku.catalog.split import fold, pairs, words

QUERY_MAX = 80
WORDS_MAX = 12
# How much the best seller may move up among equally fitting titles.
POPULARITY = 0.01
# A new product is taken to have had this many reviews of this score, so that one five-star review does not win.
PRIOR_COUNT, PRIOR_SCORE = 5, 4
SIMILAR = 0.35


class Sort(StrEnum):
    """Orders of a list."""

    RELEVANCE = "relevance"
    SALES = "sales"
    NEWEST = "newest"
    CHEAPEST = "price"
    DEAREST = "-price"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means everything.

    Attributes:
        path: a category's path; its subtree counts.
        price_min, price_max: minor units, inclusive; some variant must lie between.
        rating_min: mean score from one to five.
        merchants: ids, any of them.
        options: ``{option name: values}``; one variant must fit each name with any of its values.
    """

    path: str = ""
    price_min: int | None = None
    price_max: int | None = None
    rating_min: int | None = None
    merchants: tuple[int, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Products in order.

    Attributes:
        products: not yet fetched.
        similar: nothing had all the words, so these are only near.
    """

    products: QuerySet[Product]
    similar: bool = False


def search(
    query: str, filters: Filters, sort: Sort, *, within: QuerySet[Product], similar: bool | None = None
) -> Found:
    """Products among ``within`` that fit, in the order asked for.

    First those with every word. Where there are none, those with some of the words or nearly the same letters
    (one more query), and ``similar`` says so.

    Args:
        within: what the reader may see, e.g. ``Product.objects.on_sale()``.
        similar: what an earlier search for the same words found out, which saves asking again.
    """
    narrowed = narrow(within, filters)
    if not fold(query).strip():
        return Found(_sorted(narrowed, sort, rank=None))
    # Asked before the filters: narrowing down to nothing is the reader's own choice and no reason for other goods.
    if similar is None:
        similar = not matching(within, query).exists()
    if not similar:
        return Found(_sorted(matching(narrowed, query), sort, rank=_rank(query)))
    return Found(_sorted(_similar(narrowed, query), sort, rank=_rank(query, some=True)), similar=True)


def narrow(products: QuerySet[Product], filters: Filters) -> QuerySet[Product]:
    """Apply filters without ordering."""
    if filters.path:
        products = products.filter(Q(category__path=filters.path) | Q(category__path__startswith=f"{filters.path}/"))
    if filters.rating_min is not None:
        products = products.filter(rating_count__gt=0, rating_sum__gte=F("rating_count") * filters.rating_min)
    if filters.merchants:
        products = products.filter(merchant_id__in=filters.merchants)
    wanted = _variant_condition(filters)
    if wanted:
        products = products.filter(Exists(Variant.objects.filter(wanted, product=OuterRef("pk"), is_active=True)))
    return products


def _variant_condition(filters: Filters) -> Q:
    wanted = Q()
    if filters.price_min is not None:
        wanted &= Q(price__gte=filters.price_min)
    if filters.price_max is not None:
        wanted &= Q(price__lte=filters.price_max)
    for values in filters.options.values():
        fits = Q()
        for value in values:
            fits |= Q(values__contains=[value])
        wanted &= fits
    return wanted


def matching(products: QuerySet[Product], query: str) -> QuerySet[Product]:
    """Those with every word of the query, or, for Chinese, with every pair of its characters."""
    found = _either(query)
    return products.filter(words=found) if found is not None else products.none()


def _similar(products: QuerySet[Product], query: str) -> QuerySet[Product]:
    condition = Q()
    some = _some_words(query)
    if some is not None:
        condition |= Q(words=some)
    latin = _latin(query)
    if latin:
        products = products.annotate(likeness=TrigramWordSimilarity(latin, "search_text"))
        condition |= Q(likeness__gte=SIMILAR)
    return products.filter(condition) if condition else products.none()


def _sorted(products: QuerySet[Product], sort: Sort, *, rank: SearchRank | None) -> QuerySet[Product]:
    if sort == Sort.RELEVANCE and rank is not None:
        popularity = Ln(Cast(F("sold_count"), FloatField()) + 1.0) * POPULARITY
        likeness: tuple[F, ...] = (F("likeness"),) if "likeness" in products.query.annotations else ()
        best = Greatest(rank, *likeness) if likeness else rank
        fit = ExpressionWrapper(best + popularity, output_field=FloatField())
        return products.annotate(fit=fit).order_by("-fit", "-pk")
    if sort == Sort.RATING:
        prior = float(PRIOR_COUNT * PRIOR_SCORE)
        mean = Cast(F("rating_sum") + prior, FloatField()) / Cast(F("rating_count") + PRIOR_COUNT, FloatField())
        return products.annotate(mean=mean).order_by("-mean", "-rating_count", "-pk")
    return products.order_by(*_ORDERS[sort])


_ORDERS: Mapping[Sort, Sequence[str]] = {
    Sort.RELEVANCE: ("-sold_count", "-pk"),
    Sort.SALES: ("-sold_count", "-pk"),
    Sort.NEWEST: ("-listed_at", "-pk"),
    Sort.CHEAPEST: ("price_min", "-pk"),
    Sort.DEAREST: ("-price_min", "-pk"),
}


def _rank(query: str, *, some: bool = False) -> SearchRank | None:
    found = _some_words(query) if some else _either(query)
    return SearchRank(F("words"), found, weights=[0.05, 0.2, 0.4, 1.0]) if found is not None else None


def _either(query: str) -> SearchQuery | None:
    parts = [part for part in (_all_words(query), _grams_query(query)) if part is not None]
    return parts[0] | parts[1] if len(parts) == 2 else (parts[0] if parts else None)


def _all_words(query: str) -> SearchQuery | None:
    tokens = words(query[:QUERY_MAX], fine=False)[:WORDS_MAX]
    if not tokens:
        return None
    # While someone types, the last Latin word is only begun.
    last = tokens[-1]
    begun = f"{_quoted(last)}:*" if last.isascii() and last.isalpha() else _quoted(last)
    return _raw(" & ".join([*map(_quoted, tokens[:-1]), begun]))


def _grams_query(query: str) -> SearchQuery | None:
    """For text in Chinese; other words of the query must be there as well."""
    found = pairs(query[:QUERY_MAX])
    if not found:
        return None
    others = [word for word in words(query[:QUERY_MAX], fine=False) if word.isascii()]
    return _raw(" & ".join(_quoted(token) for token in [*found, *others][: WORDS_MAX * 2]))


def _some_words(query: str) -> SearchQuery | None:
    text = query[:QUERY_MAX]
    tokens = list(dict.fromkeys([*words(text, fine=True), *pairs(text)]))[: WORDS_MAX * 2]
    return _raw(" | ".join(map(_quoted, tokens))) if tokens else None


def _latin(query: str) -> str:
    """The part of the query that PostgreSQL can cut into trigrams."""
    text = " ".join(re.findall(r"[a-z0-9]+", fold(query[:QUERY_MAX])))
    return text if len(text) >= 3 else ""


def _raw(text: str) -> SearchQuery:
    return SearchQuery(Value(text), config="simple", search_type="raw")


def _quoted(token: str) -> str:
    """A token as a literal of PostgreSQL's query language; `split` lets only letters, digits and points through."""
    return "'" + token.replace("\\", "").replace("'", "") + "'"
