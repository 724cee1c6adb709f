"""Products of a shop, for its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet

from wanku.catalog.models import Product, ProductState, Variant
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.inventory.models import StockLog, Supply
from wanku.kinds.registry import by_sku, kinds_by_sku

PAGE: Final = 25
STATES: Final = (ProductState.ON_SALE.value, ProductState.DRAFT.value, ProductState.OFF.value)


@dataclass(frozen=True, slots=True)
class StockRow:
    """A variant and its counter."""

    variant: Variant
    free: int
    held: int
    sold: int
    low_at: int

    @property
    def is_low(self) -> bool:
        """Whether the desk is told about it."""
        return self.free <= self.low_at


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in the table."""

    product: Product
    picture: Picture | None
    stock: Sequence[StockRow]

    @property
    def free(self) -> int:
        """Pieces of all variants."""
        return sum(row.free for row in self.stock)

    @property
    def has_stock(self) -> bool:
        """Whether it has pieces of its own; what is free of other kinds stands in their calendars."""
        return by_sku(self.product.kind)

    @property
    def is_low(self) -> bool:
        """Whether any variant runs low."""
        return self.has_stock and any(row.is_low for row in self.stock)


def own_products(merchant_id: int) -> QuerySet[Product]:
    """All but those removed for good."""
    return Product.objects.filter(merchant_id=merchant_id).exclude(state=ProductState.REMOVED)


def search(merchant_id: int, *, q: str, state: str) -> QuerySet[Product]:
    """By words of the title, brand or SKU, and by state; what was changed last comes first."""
    rows = own_products(merchant_id)
    if state:
        rows = rows.filter(state=state)
    for word in q.split()[:8]:
        skus = Variant.objects.filter(merchant_id=merchant_id, sku__icontains=word).values("product_id")
        rows = rows.filter(Q(title__icontains=word) | Q(brand__icontains=word) | Q(pk__in=skus))
    return rows.order_by("-updated_at", "-pk")


def counts(merchant_id: int) -> dict[str, int]:
    """Products by state, in one query."""
    rows = own_products(merchant_id).values_list("state").annotate(count=Count("pk"))
    return dict(rows.order_by())


def listing(rows: QuerySet[Product], number: str | None) -> tuple[Page[Product], list[ProductRow]]:
    """One page with pictures, variants and stock: five queries."""
    shown = rows.select_related("category").prefetch_related(
        Prefetch("variants", Variant.objects.filter(is_active=True)), "pictures"
    )
    found = Paginator(shown, PAGE).get_page(number)
    supplies = supplies_of([v for product in found for v in product.variants.all()])
    return found, [row_of(product, supplies) for product in found]


def supplies_of(variants: Sequence[Variant]) -> dict[str, Supply]:
    """Counters by key, in one query."""
    return {s.key: s for s in Supply.objects.filter(key__in=[v.supply_key for v in variants])}


def row_of(product: Product, supplies: Mapping[str, Supply]) -> ProductRow:
    """A product whose variants and pictures were read before."""
    shown = next((p.picture_id for p in product.pictures.all() if p.picture_id), None)
    stock = [stock_row(v, supplies.get(v.supply_key)) for v in product.variants.all()]
    return ProductRow(product, stand_in(shown), stock)


def stock_row(variant: Variant, supply: Supply | None) -> StockRow:
    """A variant whose counter may be missing."""
    if supply is None:
        return StockRow(variant, 0, 0, 0, 0)
    return StockRow(variant, supply.free, supply.held, supply.sold, supply.low_at)


def low_rows(merchant_id: int, number: str | None) -> Page[Any]:
    """Variants on sale at or below their threshold, the emptiest first."""
    variants = Variant.objects.filter(
        merchant_id=merchant_id,
        is_active=True,
        product__state=ProductState.ON_SALE,
        product__kind__in=kinds_by_sku(),
    ).select_related("product")
    supplies = supplies_of(list(variants))
    rows = [stock_row(v, supplies.get(v.supply_key)) for v in variants]
    low = sorted((row for row in rows if row.is_low), key=lambda row: (row.free, row.variant.pk))
    return Paginator(low, 50).get_page(number)


def stock_log(product: Product) -> list[StockLog]:
    """The latest changes of a product's stock."""
    keys = [v.supply_key for v in product.variants.all()]
    return list(StockLog.objects.filter(supply__key__in=keys).select_related("supply").order_by("-id")[:20])
