"""Products as cards of a grid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from wanku.catalog.models import Product, Variant
from wanku.catalog.queries import first_pictures
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.inventory.queries import has_stock
from wanku.kernel.money import Money

QUICK_HOURS = 24


@dataclass(frozen=True, slots=True)
class Card:
    """One product in a grid; the names are those of ``ui/parts/product_card.html``."""

    id: int
    url: str
    name: str
    picture: Picture | None
    price: Money
    was: Money | None
    starting: bool
    rating: float | None
    reviews: int
    sold: int
    shop: str
    tags: Sequence[str]
    out: bool


def for_cards(products: QuerySet[Product]) -> QuerySet[Product]:
    """Add what a card needs to a query of products."""
    cheapest = Variant.objects.filter(product=OuterRef("pk"), is_active=True).order_by("price", "pk")
    return products.select_related("merchant").annotate(
        in_stock=has_stock(), was_price=Subquery(cheapest.values("list_price")[:1])
    )


def cards(*groups: Iterable[Product]) -> list[list[Card]]:
    """Cards of several groups of products (from `for_cards`), with one query for all their pictures."""
    rows = [list(group) for group in groups]
    pictures = first_pictures({product.pk for group in rows for product in group})
    return [[_card(product, stand_in(pictures.get(product.pk))) for product in group] for group in rows]


def product_url(product: Product) -> str:
    """Address of a product's page."""
    return reverse("storefront:product", args=[product.merchant.slug, product.slug])


def _card(product: Product, picture: Picture | None) -> Card:
    was: int | None = getattr(product, "was_price", None)
    return Card(
        id=product.pk,
        url=product_url(product),
        name=product.title,
        picture=picture,
        price=Money(product.price_min, product.currency),
        was=Money(was, product.currency) if was else None,
        starting=product.price_max > product.price_min,
        rating=product.rating,
        reviews=product.rating_count,
        sold=product.sold_count,
        shop=product.merchant.name,
        tags=[_("Ships in 24 hours")] if product.ship_within_hours <= QUICK_HOURS else [],
        out=not getattr(product, "in_stock", True),
    )
