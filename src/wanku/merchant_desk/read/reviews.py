"""Reviews of what a shop sold."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet

from wanku.files.queries import stand_in
from wanku.reviews.models import Review

FEW_STARS = 3


def search_reviews(merchant_id: int, tab: str) -> QuerySet[Review]:
    """Newest first; ``open`` without a reply, ``low`` with three stars or fewer."""
    rows = Review.objects.filter(merchant_id=merchant_id).select_related("line", "order").prefetch_related("pictures")
    if tab == "open":
        rows = rows.filter(replied_at=None, hidden_because="")
    if tab == "low":
        rows = rows.filter(goods__lte=FEW_STARS)
    return rows.order_by("-written_at", "-pk")


def review_counts(merchant_id: int) -> dict[str, Any]:
    """How many there are, and the mean scores, in one query."""
    rows: dict[str, Any] = Review.objects.filter(merchant_id=merchant_id).aggregate(
        all=Count("pk"),
        open=Count("pk", filter=Q(replied_at=None, hidden_because="")),
        low=Count("pk", filter=Q(goods__lte=FEW_STARS)),
        goods=Avg("goods"),
        service=Avg("service"),
        delivery=Avg("delivery"),
    )
    return rows


def review_rows(reviews: Iterable[Review]) -> list[dict[str, Any]]:
    """Each with its pictures."""
    return [
        {"review": review, "pictures": [stand_in(p.picture_id) for p in review.pictures.all()]} for review in reviews
    ]
