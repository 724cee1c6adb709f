"""Follow-ups: one, within 180 days."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import Shop
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.reviewing.follow_up_review import follow_up_review
from wanku.flows.reviewing.tests.conftest import RECEIVED_AT, picture_of
from wanku.flows.reviewing.write_review import write_review
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line
from wanku.people.models import Person
from wanku.reviews.models import Review, ReviewPicture

HALF_A_YEAR = RECEIVED_AT + timedelta(days=180)


@pytest.fixture
def review(line: Line, ann_actor: Actor) -> Review:
    """Ann's."""
    return write_review(
        line.pk, goods=5, service=5, delivery=5, text="好", picture_ids=[], actor=ann_actor, now=RECEIVED_AT
    )


def facts() -> Any:
    """Everything that a follow-up could change."""
    return list(Review.objects.values()), ReviewPicture.objects.count(), Move.objects.count()


def test_once(review: Review, ann: Person, ann_actor: Actor) -> None:
    picture = picture_of(f"person:{ann.pk}")
    follow_up_review(review.pk, text=" 用了半年，很好 ", picture_ids=[picture.pk], actor=ann_actor, now=HALF_A_YEAR)
    review.refresh_from_db()
    assert (review.follow_up, review.followed_up_at, review.goods) == ("用了半年，很好", HALF_A_YEAR, 5)
    assert review.pictures.get().in_follow_up
    before = facts()
    with pytest.raises(Refusal) as refused:
        follow_up_review(review.pk, text="又", picture_ids=[], actor=ann_actor, now=HALF_A_YEAR)
    assert refused.value.code.name == "already_followed_up"
    assert facts() == before


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": " \u200b "}, "text_missing"),
        ({"text": "字" * 1001}, "text_too_long"),
        ({"now": HALF_A_YEAR + timedelta(seconds=1)}, "review_over"),
    ],
)
def test_refusals(review: Review, ann_actor: Actor, fields: dict[str, Any], code: str) -> None:
    before = facts()
    values: dict[str, Any] = {"text": "好", "picture_ids": [], "actor": ann_actor, "now": HALF_A_YEAR, **fields}
    with pytest.raises(Refusal) as refused:
        follow_up_review(review.pk, **values)
    assert refused.value.code.name == code
    assert facts() == before


@pytest.mark.parametrize("who", ["other_actor", "guest_actor", "di_actor", "bo"])
def test_only_the_buyer(who: str, review: Review, request: pytest.FixtureRequest) -> None:
    stranger = request.getfixturevalue(who)
    actor = stranger.actor if isinstance(stranger, Shop) else stranger
    before = facts()
    with pytest.raises(Refusal) as refused:
        follow_up_review(review.pk, text="好", picture_ids=[], actor=actor, now=HALF_A_YEAR)
    assert refused.value.code.name == "not_found"
    assert facts() == before
