"""The days ahead open by themselves."""

from datetime import timedelta

from tests.cast import Shop
from tests.kitchen import LUNCH, dish_of, kitchen_of
from wanku.flows.offering.open_kitchens import open_kitchens
from wanku.inventory.models import Supply


def test_once_a_day_one_day_more(bo: Shop, cy: Shop) -> None:
    kitchen_of(bo.merchant, ahead_days=1)
    kitchen_of(cy.merchant, ahead_days=1)
    dish_of(bo.merchant, portions=3)
    assert open_kitchens(now=LUNCH, limit=1) == 1
    assert open_kitchens(now=LUNCH, limit=9) == 1
    assert open_kitchens(now=LUNCH, limit=9) == 0
    count = Supply.objects.filter(key__startswith="kitchen:").count()
    assert Supply.objects.filter(key__startswith="portion:").count() == 4

    assert open_kitchens(now=LUNCH + timedelta(days=1), limit=9) == 2

    assert Supply.objects.filter(key__startswith="kitchen:").count() == count + 2 * 40
    assert Supply.objects.filter(key__startswith="portion:").count() == 5
