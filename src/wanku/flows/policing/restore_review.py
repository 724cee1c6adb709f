"""A hidden review is shown again."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.catalog.count_review import count_review
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal, gettext_noop
from wanku.reviews.models import Review


def restore_review(review_id: int, *, because: str, actor: Actor, now: datetime) -> None:
    """Show a hidden review again and count its score.

    Raises:
        Refusal: ``wrong_state`` when it is not hidden, ``bad_value``, ``not_found``, ``not_allowed``.
    """
    require(actor, Permission.REVIEWS_HIDE)
    because = reason(because)
    with transaction.atomic():
        review = Review.objects.select_for_update(no_key=True).filter(pk=review_id).first()
        if review is None:
            raise Refusal(NOT_FOUND)
        if not review.hidden_because:
            raise Refusal(WRONG_STATE, state=gettext_noop("shown"))
        review.hidden_because = ""
        review.save(update_fields=["hidden_because"])
        count_review(review.product_id, score=review.goods, reviews=1)
        record(
            "restore_review",
            actor_id=actor.person_id,
            subject_type="review",
            subject_id=review_id,
            merchant_id=review.merchant_id,
            because=because,
            now=now,
        )
