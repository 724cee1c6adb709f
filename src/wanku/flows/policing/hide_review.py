"""A review that breaks the law or the rules is hidden; the reason stands in its place."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.catalog.count_review import count_review
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, WRONG_STATE, Refusal, gettext_noop
from wanku.reviews.models import Review

SHOWN_REASON_MAX = 300
"""Characters that fit where the review stood."""


def hide_review(review_id: int, *, because: str, actor: Actor, now: datetime) -> None:
    """Hide a review and take its score out of the product's rating.

    Args:
        because: the law or rule that it breaks; everybody reads this in place of the review.

    Raises:
        Refusal: ``wrong_state`` when hidden already, ``bad_value``, ``not_found``, ``not_allowed``.
    """
    require(actor, Permission.REVIEWS_HIDE)
    because = reason(because)
    if len(because) > SHOWN_REASON_MAX:
        raise Refusal(BAD_VALUE, field="because", problem=gettext_noop("Please keep the reason under 300 characters."))
    with transaction.atomic():
        review = Review.objects.select_for_update(no_key=True).filter(pk=review_id).first()
        if review is None:
            raise Refusal(NOT_FOUND)
        if review.hidden_because:
            raise Refusal(WRONG_STATE, state=gettext_noop("hidden"))
        review.hidden_because = because
        review.save(update_fields=["hidden_because"])
        count_review(review.product_id, score=-review.goods, reviews=-1)
        record(
            "hide_review",
            actor_id=actor.person_id,
            subject_type="review",
            subject_id=review_id,
            merchant_id=review.merchant_id,
            because=because,
            now=now,
        )
