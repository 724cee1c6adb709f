"""A hidden review is shown again."""

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.policing.hide_review import hide_review
from wanku.flows.policing.restore_review import restore_review
from wanku.flows.policing.tests.reviews import reviewed
from wanku.kernel.refusal import Refusal


def test_counts_again(bo: Shop, di_actor: Actor) -> None:
    review, product = reviewed(bo.merchant, goods=2)
    hide_review(review.pk, because="误判为广告", actor=di_actor, now=NOW)
    restore_review(review.pk, because="复核后恢复", actor=di_actor, now=NOW)
    review.refresh_from_db()
    product.refresh_from_db()
    assert (review.hidden_because, product.rating_sum, product.rating_count) == ("", 7, 2)
    assert [act.verb for act in Act.objects.order_by("id")] == ["hide_review", "restore_review"]


def test_refused(bo: Shop, di_actor: Actor) -> None:
    review, product = reviewed(bo.merchant)
    with pytest.raises(Refusal, match="wrong_state"):
        restore_review(review.pk, because="never hidden", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="bad_value"):
        restore_review(review.pk, because="", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_found"):
        restore_review(9999, because="a ghost", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_allowed"):
        restore_review(review.pk, because="it is nice", actor=bo.actor, now=NOW)
    product.refresh_from_db()
    assert product.rating_count == 2
