"""A shop's page."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from wanku.catalog.models import Product
from wanku.merchants.models import Merchant


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What a buyer wants to know of a shop before buying there."""

    products: int
    sold: int
    rating: float | None
    reviews: int


def shop_facts(merchant: Merchant) -> ShopFacts:
    """Sums over what the shop offers: one query."""
    row = (
        Product.objects.on_sale()
        .filter(merchant=merchant)
        .aggregate(n=Count("pk"), sold=Sum("sold_count"), points=Sum("rating_sum"), reviews=Sum("rating_count"))
    )
    reviews = row["reviews"] or 0
    return ShopFacts(row["n"], row["sold"] or 0, row["points"] / reviews if reviews else None, reviews)
