"""A buyer adds what time has shown."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import note
from wanku.audit.rules import current
from wanku.flows.reviewing._pictures import require_own
from wanku.kernel.refusal import NOT_FOUND, Refusal, refuse_all
from wanku.orders.models import Order
from wanku.reviews.add_review import add_pictures
from wanku.reviews.models import Review
from wanku.reviews.rules import ALREADY_FOLLOWED_UP, check_count, check_open, tidy_text


def follow_up_review(review_id: int, *, text: str, picture_ids: Sequence[UUID], actor: Actor, now: datetime) -> Review:
    """Add one follow-up to one's own review, within 180 days of it (rule ``review_follow_up``). Scores stay.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer, ``already_followed_up``, ``review_over``, and per field
            ``text_missing``, ``text_too_long``, ``too_many_pictures``, ``not_your_picture``.
    """
    refusals = check_count(len(picture_ids))
    text = tidy_text(text, field="text", required=True, refusals=refusals)
    refuse_all(refusals)
    with transaction.atomic():
        reviews = Review.objects.select_for_update(no_key=True, of=("self",)).select_related("order")
        review = reviews.filter(pk=review_id, order__in=Order.objects.bought_by(actor)).first()
        if review is None:
            raise Refusal(NOT_FOUND)
        if review.followed_up_at is not None:
            raise Refusal(ALREADY_FOLLOWED_UP)
        check_open(review.written_at, current()["review_follow_up"], now)
        review.follow_up = text
        review.followed_up_at = now
        review.save(update_fields=["follow_up", "followed_up_at"])
        add_pictures(review, require_own(picture_ids, actor), in_follow_up=True)
        note(review.order, "review_follow_up", by=actor.as_buyer(), now=now, facts={"review": review.pk})
        return review
