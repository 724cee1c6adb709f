"""Days off."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Shop
from tests.visits import TEN, TOMORROW, hours_of, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.flows.buying.place_order import place_order
from wanku.flows.offering.add_absence import add_absence
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.models import Absence, Appointment

pytestmark = pytest.mark.django_db


def test_nobody_is_booked_on_days_off_and_what_was_booked_stands(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo)
    wang, li = salon.people
    place_order(visit_checkout(wish_of(salon, worker=wang), ann_actor, "v"), now=NOW)
    told: dict[str, Any] = {
        "first": TOMORROW,
        "last": TOMORROW + timedelta(days=2),
        "because": "探亲",
        "actor": bo.actor,
        "now": NOW,
    }
    [booked] = add_absence(bo.merchant.pk, worker_id=wang.pk, **told)
    assert booked.worker == wang and Appointment.objects.get().is_live and hours_of(wang)["held"] == 10
    with pytest.raises(Refusal, match="visit_not_at_work"):
        place_order(visit_checkout(wish_of(salon, TEN + timedelta(hours=4), wang), ann_actor, "w"), now=NOW)
    place_order(visit_checkout(wish_of(salon), ann_actor, "x"), now=NOW)
    assert Appointment.objects.filter(worker=li).count() == 1
    assert len(add_absence(bo.merchant.pk, worker_id=None, **told)) == 2
    with pytest.raises(Refusal, match="visit_not_offered"):
        place_order(visit_checkout(wish_of(salon, TEN + timedelta(hours=4)), ann_actor, "y"), now=NOW)


def test_refusals(bo: Shop, cy: Shop) -> None:
    [wang] = salon_of(bo, "王").people
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    day = timedelta(days=1)
    for worker, first, last, actor, code, field in (
        (None, TOMORROW, TOMORROW, clerk, "not_allowed", None),
        (None, TOMORROW, TOMORROW, cy.actor, "not_allowed", None),
        (wang.pk + 1, TOMORROW, TOMORROW, bo.actor, "not_found", None),
        (wang.pk, TOMORROW, TOMORROW - day, bo.actor, "bad_value", "last"),
        (wang.pk, TOMORROW - 9 * day, TOMORROW - 2 * day, bo.actor, "bad_value", "last"),
        (wang.pk, TOMORROW, TOMORROW + 401 * day, bo.actor, "bad_value", "last"),
    ):
        with pytest.raises(Refusal) as caught:
            add_absence(bo.merchant.pk, worker_id=worker, first=first, last=last, because="", actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field)
    assert not Absence.objects.exists()
