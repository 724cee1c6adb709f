"""Products as cards of a grid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from wanku.catalog.models import Product, Variant
from wanku.catalog.queries import active_variants, first_pictures
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.inventory.queries import stock_of
from wanku.kernel.money import Money
from wanku.kinds.registry import SHIP, by_sku

QUICK_HOURS = 24


@dataclass(frozen=True, slots=True)
class Card:
    """One product in a grid; the names are those of ``ui/parts/product_card.html``.

    Attributes:
        counted: whether pieces are counted by variant; only then can it be out.
    """

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
    counted: bool
    out: bool


def for_cards(products: QuerySet[Product]) -> QuerySet[Product]:
    """Add what a card needs to a query of products."""
    return products.select_related("merchant")


def cards(*groups: Iterable[Product]) -> list[list[Card]]:
    """Cards of several groups of products (from `for_cards`): three queries for all of them together."""
    rows = [list(group) for group in groups]
    ids = {product.pk for group in rows for product in group}
    pictures = first_pictures(ids)
    # Read for the few products that are shown: asked for within the list's own query, the planner may well count
    # the stock of the whole catalogue.
    variants = active_variants(ids)
    free = stock_of(variant for mine in variants.values() for variant in mine)
    return [[_card(p, stand_in(pictures.get(p.pk)), variants.get(p.pk, ()), free) for p in group] for group in rows]


def product_url(product: Product) -> str:
    """Address of a product's page."""
    return reverse("storefront:product", args=[product.merchant.slug, product.slug])


def _card(product: Product, picture: Picture | None, variants: Sequence[Variant], free: Mapping[int, int]) -> Card:
    cheapest = min(variants, key=lambda v: (v.price, v.pk), default=None)
    was = cheapest.list_price if cheapest else None
    shipped, counted = product.kind == SHIP, by_sku(product.kind)
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
        tags=[_("Ships in 24 hours")] if shipped and product.ship_within_hours <= QUICK_HOURS else [],
        # What is left of nights, seats and hours depends on the day.
        counted=counted,
        out=counted and not any(free.get(variant.pk) for variant in variants),
    )
