"""One day that is not like the others."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from tests.visits import TEN, TOMORROW, hours_of, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.flows.buying.place_order import place_order
from wanku.flows.offering.set_special_day import set_special_day
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.models import SpecialDay

pytestmark = pytest.mark.django_db


def test_a_day_off_a_longer_day_and_the_week_again(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "王")
    [wang] = salon.people
    place_order(visit_checkout(wish_of(salon), ann_actor, "v"), now=NOW)
    booked = set_special_day(wang.pk, TOMORROW, [], actor=bo.actor, now=NOW)
    assert [row.starts_at for row in booked] == [TEN] and hours_of(wang)["held"] == 10
    later = TEN + timedelta(hours=9)
    for at in (TEN + timedelta(hours=4), later):
        with pytest.raises(Refusal, match="visit_not_offered"):
            place_order(visit_checkout(wish_of(salon, at), ann_actor, "w"), now=NOW)
    set_special_day(wang.pk, TOMORROW, [(900, 1320)], actor=bo.actor, now=NOW)
    assert hours_of(wang)["free"] == 22 + 16
    place_order(visit_checkout(wish_of(salon, later), ann_actor, "x"), now=NOW)
    set_special_day(wang.pk, TOMORROW, None, actor=bo.actor, now=NOW)
    assert not SpecialDay.objects.exists()
    assert not set_special_day(wang.pk, TOMORROW + timedelta(days=1), [], actor=bo.actor, now=NOW)


def test_refusals(bo: Shop, cy: Shop) -> None:
    [wang] = salon_of(bo, "王").people
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    for worker, day, windows, actor, code, field in (
        (wang.pk, TOMORROW, [], cy.actor, "not_found", None),
        (999, TOMORROW, [], bo.actor, "not_found", None),
        (wang.pk, TOMORROW, [], clerk, "not_allowed", None),
        (wang.pk, TOMORROW - timedelta(days=2), [], bo.actor, "bad_value", "day"),
        (wang.pk, TOMORROW, [(600, 601)], bo.actor, "bad_value", "hours"),
    ):
        with pytest.raises(Refusal) as caught:
            set_special_day(worker, day, windows, actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field)
    assert not SpecialDay.objects.exists()
