"""A pause of the kitchen."""

from datetime import timedelta

import pytest

from tests.cast import Shop
from tests.kitchen import LUNCH, kitchen_of
from wanku.flows.offering.pause_kitchen import pause_kitchen
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.models import Kitchen


def test_pause_and_go_on(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    pause_kitchen(bo.merchant.pk, 30, actor=bo.actor, now=LUNCH)
    assert Kitchen.objects.get().paused_until == LUNCH + timedelta(minutes=30)
    pause_kitchen(bo.merchant.pk, 0, actor=bo.actor, now=LUNCH)
    assert Kitchen.objects.get().paused_until is None


def test_refused(bo: Shop, cy: Shop) -> None:
    kitchen_of(bo.merchant)
    for minutes, actor in ((-1, bo.actor), (1441, bo.actor), (30, cy.actor)):
        with pytest.raises(Refusal):
            pause_kitchen(bo.merchant.pk, minutes, actor=actor, now=LUNCH)
    assert Kitchen.objects.get().paused_until is None
