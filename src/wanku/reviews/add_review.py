"""A review and its pictures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line
from wanku.reviews.models import Review, ReviewPicture
from wanku.reviews.rules import ALREADY_REVIEWED


def add_review(
    line: Line, *, scores: tuple[int, int, int], text: str, author_id: int | None, author_name: str, now: datetime
) -> Review:
    """Write the one review of a line. The caller holds the line's lock.

    Args:
        scores: goods, service, delivery; one to five each.
        author_name: as it is shown, masked.

    Raises:
        Refusal: ``already_reviewed``.
    """
    if Review.objects.filter(line=line).exists():
        raise Refusal(ALREADY_REVIEWED)
    goods, service, delivery = scores
    return Review.objects.create(
        line=line,
        order_id=line.order_id,
        merchant_id=line.merchant_id,
        product_id=line.product_id,
        author_id=author_id,
        author_name=author_name,
        label=line.label,
        goods=goods,
        service=service,
        delivery=delivery,
        text=text,
        written_at=now,
    )


def add_pictures(review: Review, picture_ids: Sequence[UUID], *, in_follow_up: bool = False) -> None:
    """Attach pictures in order."""
    ReviewPicture.objects.bulk_create(
        ReviewPicture(review=review, picture_id=picture_id, position=position, in_follow_up=in_follow_up)
        for position, picture_id in enumerate(picture_ids)
    )
