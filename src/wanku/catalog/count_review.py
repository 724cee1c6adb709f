"""The rating that is cached on a product."""

from django.db.models import F

from wanku.catalog.models import Product


def count_review(product_id: int, *, score: int, reviews: int) -> None:
    """Add a score to a product's rating, or take one out with negative numbers, in one statement.

    Args:
        score: points to add to the sum.
        reviews: reviews to add to the count.
    """
    Product.objects.filter(pk=product_id).update(
        rating_sum=F("rating_sum") + score, rating_count=F("rating_count") + reviews
    )
