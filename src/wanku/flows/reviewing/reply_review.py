"""A merchant answers a review."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import note
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal, refuse_all
from wanku.reviews.models import Review
from wanku.reviews.rules import ALREADY_REPLIED, tidy_text


def reply_review(review_id: int, *, text: str, actor: Actor, now: datetime) -> Review:
    """Reply to a review of what was sold at the actor's desk, once; a reply is not changed afterwards.

    Raises:
        Refusal: ``not_found`` for another desk's review, ``not_allowed``, ``sign_in``, ``already_replied``, and on
            ``text`` ``text_missing`` or ``text_too_long``.
    """
    refusals: list[Refusal] = []
    text = tidy_text(text, field="text", required=True, refusals=refusals)
    refuse_all(refusals)
    with transaction.atomic():
        reviews = Review.objects.select_for_update(no_key=True, of=("self",)).select_related("order")
        review = reviews.filter(pk=review_id, merchant_id=actor.merchant_id or 0).first()
        if review is None:
            raise Refusal(NOT_FOUND)
        require(actor, Permission.REVIEWS_REPLY, review.merchant_id)
        if review.replied_at is not None:
            raise Refusal(ALREADY_REPLIED)
        review.reply = text
        review.replied_at = now
        review.replied_by = actor.person_id
        review.save(update_fields=["reply", "replied_at", "replied_by"])
        note(review.order, "review_reply", by=actor.as_merchant(), now=now, facts={"review": review.pk})
        record(
            "reply_review",
            actor_id=actor.person_id,
            subject_type="review",
            subject_id=review.pk,
            merchant_id=review.merchant_id,
            now=now,
        )
        return review
