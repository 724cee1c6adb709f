"""Reviews for those who keep the rules."""

from collections.abc import Mapping

from django.core.paginator import Page, Paginator

from wanku.catalog.models import Product
from wanku.merchants.models import Merchant
from wanku.reviews.models import Review

PAGE = 20


def listing(view: str, q: str, number: str | None) -> tuple[Page[Review], Mapping[int, Product], Mapping[int, str]]:
    """Reviews (all, low scores, hidden), newest first, with their products and shops by id."""
    rows = Review.objects.select_related("order").prefetch_related("pictures").order_by("-written_at", "-pk")
    if view == "hidden":
        rows = rows.exclude(hidden_because="")
    elif view == "low":
        rows = rows.filter(goods__lte=2, hidden_because="")
    if q:
        rows = rows.filter(text__icontains=q)
    page = Paginator(rows, PAGE).get_page(number)
    products = Product.objects.filter(pk__in={review.product_id for review in page}).only("title", "slug")
    shops = Merchant.objects.filter(pk__in={review.merchant_id for review in page}).values_list("pk", "name")
    return page, {product.pk: product for product in products}, dict(shops)
