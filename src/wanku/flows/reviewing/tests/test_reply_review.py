"""Replies: the merchant's, once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import Shop
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.reviewing.reply_review import reply_review
from wanku.flows.reviewing.tests.conftest import RECEIVED_AT
from wanku.flows.reviewing.write_review import write_review
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line
from wanku.reviews.models import Review

LATER = RECEIVED_AT + timedelta(days=1)


@pytest.fixture
def review(line: Line, ann_actor: Actor) -> Review:
    """Ann's."""
    return write_review(
        line.pk, goods=1, service=5, delivery=5, text="漏水", picture_ids=[], actor=ann_actor, now=RECEIVED_AT
    )


def facts() -> Any:
    """Everything that a reply could change."""
    return list(Review.objects.values()), Move.objects.count(), Act.objects.count()


def test_once(review: Review, bo: Shop) -> None:
    reply_review(review.pk, text="给您换一个", actor=bo.actor, now=LATER)
    review.refresh_from_db()
    assert (review.reply, review.replied_at, review.replied_by) == ("给您换一个", LATER, bo.owner.pk)
    assert Act.objects.get().verb == "reply_review"
    before = facts()
    with pytest.raises(Refusal) as refused:
        reply_review(review.pk, text="再说", actor=bo.actor, now=LATER)
    assert refused.value.code.name == "already_replied"
    assert facts() == before


@pytest.mark.parametrize(("text", "code"), [("", "text_missing"), ("字" * 1001, "text_too_long")])
def test_texts(review: Review, bo: Shop, text: str, code: str) -> None:
    before = facts()
    with pytest.raises(Refusal) as refused:
        reply_review(review.pk, text=text, actor=bo.actor, now=LATER)
    assert (refused.value.code.name, refused.value.field) == (code, "text")
    assert facts() == before


def test_strangers(review: Review, bo: Shop, cy: Shop, ann_actor: Actor, di_actor: Actor, guest_actor: Actor) -> None:
    before = facts()
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    posing = replace(cy.actor, merchant_id=bo.merchant.pk)
    for actor in (cy.actor, ann_actor, di_actor, guest_actor, clerk, posing):
        with pytest.raises(Refusal) as refused:
            reply_review(review.pk, text="好", actor=actor, now=LATER)
        assert refused.value.code.name in ("not_found", "not_allowed")
    assert facts() == before
