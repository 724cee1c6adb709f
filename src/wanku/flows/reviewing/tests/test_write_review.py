"""Reviews: by the buyer, once, within the window; every refusal changes nothing."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.catalog.models import Product
from wanku.flows.fulfilling.record_tracking import record_tracking
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.reviewing.tests.conftest import RECEIVED_AT, picture_of
from wanku.flows.reviewing.write_review import write_review
from wanku.fulfilment.add_events import Reported
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line
from wanku.people.models import Person
from wanku.reviews.models import Review, ReviewPicture

NEXT_DAY = RECEIVED_AT + timedelta(days=1)


def review(line: Line, actor: Actor, **fields: Any) -> Review:
    """A good review, unless said otherwise."""
    values: dict[str, Any] = {
        "goods": 5, "service": 4, "delivery": 3, "text": "好茶壶", "picture_ids": (), "now": NEXT_DAY, **fields
    }  # fmt: skip
    return write_review(line.pk, actor=actor, **values)


def facts() -> Any:
    """Everything that a review could change."""
    rating = list(Product.objects.order_by("pk").values_list("rating_sum", "rating_count"))
    return Review.objects.count(), ReviewPicture.objects.count(), rating, Move.objects.count()


def test_a_review(line: Line, ann: Person, ann_actor: Actor) -> None:
    pictures = [picture_of(f"person:{ann.pk}") for _ in range(9)]
    ids = [picture.pk for picture in pictures]
    written = review(line, ann_actor, text=" 好茶壶\r\n\r\n不漏\u202e水 ", picture_ids=[*ids, ids[0]][:9])
    assert (written.goods, written.service, written.delivery) == (5, 4, 3)
    assert written.text == "好茶壶\n\n不漏水"
    assert (written.author, written.author_name) == (ann, "A***n")
    assert list(written.pictures.values_list("picture_id", flat=True)) == ids
    product = Product.objects.get(pk=line.product_id)
    assert (product.rating_sum, product.rating_count, product.rating) == (5, 1, 5.0)
    move = Move.objects.latest("id")
    assert (move.subject_type, move.event, move.actor, move.facts["goods"]) == ("order", "review", "buyer", 5)


def test_scores_alone_and_a_guest(guest_actor: Actor, bo: Shop) -> None:
    order = paid(guest_actor, (product_of(bo.merchant), 1))[0]
    ship_order(order.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW)
    delivered = Reported("1", "delivered", NOW + timedelta(days=2))
    record_tracking("sf", "SF1234567890123", [delivered], now=RECEIVED_AT)
    own = picture_of(f"guest:{guest_actor.guest_key}")
    written = review(Line.objects.get(order=order), guest_actor, text="", picture_ids=[own.pk])
    assert (written.author, written.author_name, written.text) == (None, "安***姐", "")


def test_not_before_it_arrived(shipped_line: Line, ann_actor: Actor) -> None:
    before = facts()
    with pytest.raises(Refusal) as refused:
        review(shipped_line, ann_actor)
    assert refused.value.code.name == "not_received"
    assert facts() == before


def test_the_window_is_the_one_frozen_with_the_order(line: Line, ann_actor: Actor) -> None:
    before = facts()
    end = RECEIVED_AT + timedelta(days=30)
    with pytest.raises(Refusal) as refused:
        review(line, ann_actor, now=end + timedelta(seconds=1))
    assert (refused.value.code.name, refused.value.facts["ended"]) == ("review_over", end)
    assert facts() == before
    review(line, ann_actor, now=end)


def test_once(line: Line, ann_actor: Actor) -> None:
    review(line, ann_actor)
    before = facts()
    with pytest.raises(Refusal) as refused:
        review(line, ann_actor, text="again")
    assert refused.value.code.name == "already_reviewed"
    assert facts() == before


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"goods": 0}, "bad_score", "goods"),
        ({"service": 6}, "bad_score", "service"),
        ({"delivery": True}, "bad_score", "delivery"),
        ({"goods": 4.5}, "bad_score", "goods"),
        ({"text": "字" * 1001}, "text_too_long", "text"),
        ({"picture_ids": [uuid.uuid4() for _ in range(10)]}, "too_many_pictures", "picture_ids"),
        ({"picture_ids": [uuid.uuid4()]}, "not_your_picture", "picture_ids"),
    ],
)
def test_wrong_input(line: Line, ann_actor: Actor, fields: dict[str, Any], code: str, field: str) -> None:
    before = facts()
    with pytest.raises(Refusal) as refused:
        review(line, ann_actor, **fields)
    assert (refused.value.code.name, refused.value.field) == (code, field)
    assert facts() == before


def test_foreign_and_private_pictures(line: Line, ann: Person, ann_actor: Actor, bo: Shop) -> None:
    for picture in (picture_of(f"merchant:{bo.merchant.pk}"), picture_of(f"person:{ann.pk}", is_public=False)):
        before = facts()
        with pytest.raises(Refusal) as refused:
            review(line, ann_actor, picture_ids=[picture.pk])
        assert refused.value.code.name == "not_your_picture"
        assert facts() == before


@pytest.mark.parametrize("who", ["other_actor", "guest_actor", "di_actor", "bo"])
def test_only_the_buyer(who: str, line: Line, request: pytest.FixtureRequest) -> None:
    stranger = request.getfixturevalue(who)
    before = facts()
    with pytest.raises(Refusal) as refused:
        review(line, stranger.actor if isinstance(stranger, Shop) else stranger)
    assert refused.value.code.name == "not_found"
    assert facts() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
def test_two_at_once(locked: bool, line: Line, ann_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.reviewing.write_review.add_review")
    if not locked:
        locks_off(monkeypatch)
    results = at_once(*[lambda: review(line, ann_actor)] * 2)
    assert meeting.met is not locked
    errors = [result for result in results if isinstance(result, Exception)]
    product = Product.objects.get(pk=line.product_id)
    assert (product.rating_sum, product.rating_count, Review.objects.count()) == (5, 1, 1)
    if locked:
        assert [str(getattr(error, "code", error)) for error in errors]
        assert all(isinstance(error, Refusal) for error in errors)
    else:
        # Both passed the question; only the unique index stood in the way, as an error instead of an answer.
        assert [type(error).__name__ for error in errors] in (["IntegrityError"], ["Refusal"])
