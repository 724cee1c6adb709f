"""A review is hidden, and says why."""

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.policing.hide_review import hide_review
from wanku.flows.policing.tests.reviews import reviewed
from wanku.kernel.refusal import Refusal


def test_its_score_no_longer_counts(bo: Shop, di_actor: Actor) -> None:
    review, product = reviewed(bo.merchant)
    hide_review(review.pk, because="广告：引导站外交易", actor=di_actor, now=NOW)
    review.refresh_from_db()
    product.refresh_from_db()
    assert review.hidden_because == "广告：引导站外交易"
    assert review.text == "加微信返现"
    assert (product.rating_sum, product.rating_count) == (5, 1)
    act = Act.objects.get()
    assert (act.verb, act.merchant_id, act.because) == ("hide_review", bo.merchant.pk, "广告：引导站外交易")


def test_only_once(bo: Shop, di_actor: Actor) -> None:
    review, product = reviewed(bo.merchant)
    hide_review(review.pk, because="广告：引导站外交易", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="wrong_state"):
        hide_review(review.pk, because="once more, please", actor=di_actor, now=NOW)
    product.refresh_from_db()
    assert product.rating_count == 1


def test_refused(bo: Shop, di_actor: Actor) -> None:
    review, product = reviewed(bo.merchant)
    for because in ("", "x" * 301):
        with pytest.raises(Refusal, match="bad_value"):
            hide_review(review.pk, because=because, actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_found"):
        hide_review(9999, because="a ghost", actor=di_actor, now=NOW)
    for actor in (bo.actor, Actor(person_id=3, platform=frozenset({"finance", "senior", "first_line"}))):
        with pytest.raises(Refusal, match="not_allowed"):
            hide_review(review.pk, because="it hurts", actor=actor, now=NOW)
    review.refresh_from_db()
    product.refresh_from_db()
    assert (review.hidden_because, product.rating_count) == ("", 2)
