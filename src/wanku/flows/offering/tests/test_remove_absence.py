"""Days off that are none after all."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from tests.visits import TOMORROW, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.flows.buying.place_order import place_order
from wanku.flows.offering.remove_absence import remove_absence
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.models import Absence

pytestmark = pytest.mark.django_db


def test_these_days_can_be_booked_again(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "王")
    row = Absence.objects.create(merchant=bo.merchant, first=TOMORROW, last=TOMORROW)
    with pytest.raises(Refusal, match="visit_not_offered"):
        place_order(visit_checkout(wish_of(salon), ann_actor, "v"), now=NOW)
    for actor, code in ((cy.actor, "not_found"), (replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed")):
        with pytest.raises(Refusal, match=code):
            remove_absence(row.pk, actor=actor, now=NOW)
    assert Absence.objects.exists()
    remove_absence(row.pk, actor=bo.actor, now=NOW)
    assert not Absence.objects.exists()
    place_order(visit_checkout(wish_of(salon), ann_actor, "v"), now=NOW)
