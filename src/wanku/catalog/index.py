"""Writing what search reads."""

from collections.abc import Iterable

from django.contrib.postgres.search import SearchVector
from django.db.models import QuerySet, Value

from wanku.catalog.models import Category, Product
from wanku.catalog.split import fold, grams, words

# The description may be long; its first part names what matters.
DESCRIPTION_READ = 3000
TEXT_MAX = 600
BATCH = 200


def index(product: Product) -> None:
    """Write the search words of one product, read from its rows as they are now, in one statement.

    Title and brand weigh most, then subtitle, category, shop and options, then parameters and description. Single
    characters and pairs weigh one step less than where they come from: they make sure that nothing is missed.
    """
    merchant, category = product.merchant, product.category
    variants = [v for v in product.variants.all() if v.is_active]
    head = [product.title, product.brand]
    values = {value for variant in variants for value in variant.values}
    middle = [product.subtitle, merchant.name, *_category_names(category), *sorted(values)]
    rest = [text for p in product.parameters for text in (p["name"], p["value"])]
    rest += [product.description[:DESCRIPTION_READ], *(v.sku for v in variants)]
    vector = (
        _vector(words(" ".join(head), fine=True), "A")
        + _vector(words(" ".join(middle), fine=True), "B")
        + _vector(words(" ".join(rest), fine=True), "C")
        + _vector(grams(" ".join(head)), "B")
        + _vector(grams(" ".join(middle)), "D")
    )
    text = fold(f"{product.title} {product.brand} {product.subtitle}")[:TEXT_MAX]
    Product.objects.filter(pk=product.pk).update(words=vector, search_text=text)


def index_all(products: QuerySet[Product]) -> int:
    """Write the search words of many products, after a rename of a shop or a category, say; how many."""
    count = 0
    rows = products.select_related("merchant", "category__parent__parent").prefetch_related("variants").order_by("pk")
    for product in rows.iterator(chunk_size=BATCH):
        index(product)
        count += 1
    return count


def _category_names(category: Category | None) -> Iterable[str]:
    while category is not None:
        yield from category.names.values()
        category = category.parent


def _vector(tokens: list[str], weight: str) -> SearchVector:
    return SearchVector(Value(" ".join(tokens)), config="simple", weight=weight)
