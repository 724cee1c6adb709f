"""Reviews as the public reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.reviews.models import Review, ReviewPicture

PAGE_SIZE = 6
SCORES = (5, 4, 3, 2, 1)
FILTERS = ("all", "pictures", "good", "middling", "poor")


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the distribution; ``share`` in percent."""

    score: int
    count: int
    share: int


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """A review with its pictures."""

    review: Review
    pictures: Sequence[Picture]
    later_pictures: Sequence[Picture]


@dataclass(frozen=True, slots=True)
class Reviews:
    """The reviews of one product: distribution over all, and one page of those that were asked for.

    Attributes:
        counts: reviews by each of `FILTERS`.
    """

    bars: Sequence[Bar]
    total: int
    mean: float | None
    counts: dict[str, int]
    chosen: str
    page: Page[Review]
    shown: Sequence[ReviewShown]


def product_reviews(product_id: int, *, page: str, chosen: str) -> Reviews:
    """Read reviews: three queries, two when there are none.

    Hidden reviews stay in the list with the reason in their place, so that nothing vanishes quietly; they count for
    nothing.
    """
    mine = Review.objects.filter(product_id=product_id)
    open_ones = Q(hidden_because="")
    has_pictures = Q(pk__in=ReviewPicture.objects.filter(review__product_id=product_id).values("review_id"))
    conditions = {
        "all": Q(),
        "pictures": has_pictures & open_ones,
        "good": Q(goods__gte=4) & open_ones,
        "middling": Q(goods=3) & open_ones,
        "poor": Q(goods__lte=2) & open_ones,
    }
    chosen = chosen if chosen in conditions else "all"
    counted = mine.aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items() if name != "all"},
        **{f"s{score}": Count("pk", filter=Q(goods=score) & open_ones) for score in SCORES},
        everything=Count("pk"),
    )
    counts = {name: counted[name] if name != "all" else counted["everything"] for name in conditions}
    total = sum(counted[f"s{score}"] for score in SCORES)
    bars = [
        Bar(score, counted[f"s{score}"], round(100 * counted[f"s{score}"] / total) if total else 0) for score in SCORES
    ]
    paginator = Paginator(mine.filter(conditions[chosen]).order_by("-written_at", "-pk"), PAGE_SIZE)
    # The count is known already.
    paginator.count = counts[chosen]
    found = paginator.get_page(page)
    mean = sum(bar.score * bar.count for bar in bars) / total if total else None
    return Reviews(bars, total, mean, counts, chosen, found, _with_pictures(list(found)) if counts[chosen] else [])


def _with_pictures(rows: Sequence[Review]) -> list[ReviewShown]:
    by_review: dict[int, list[ReviewPicture]] = {}
    for row in ReviewPicture.objects.filter(review__in=rows):
        by_review.setdefault(row.review_id, []).append(row)
    return [
        ReviewShown(
            review,
            [p for row in by_review.get(review.pk, ()) if not row.in_follow_up and (p := stand_in(row.picture_id))],
            [p for row in by_review.get(review.pk, ()) if row.in_follow_up and (p := stand_in(row.picture_id))],
        )
        for review in rows
    ]
