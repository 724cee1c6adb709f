"""The sold-out switch."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import Shop
from tests.kitchen import LUNCH, dish_of, kitchen_of, meal_wish, open_kitchen, ordered
from wanku.access.actor import Actor
from wanku.flows.offering.switch_dish import switch_dish
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.load import load_kitchens
from wanku.kinds.meal.models import Dish
from wanku.merchant_desk.read.kitchen import read_switches
from wanku.orders.models import Order


def test_off_for_the_day_that_is_served_and_on_again(bo: Shop) -> None:
    kitchen_of(bo.merchant, opens=time(18), closes=time(2))
    dish = dish_of(bo.merchant)
    after_midnight = datetime(2026, 11, 12, 1, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    clerk = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "clerk"}, merchant_id=bo.merchant.pk)

    switch_dish(bo.merchant.pk, dish.pk, on=False, actor=clerk, now=after_midnight)
    assert Dish.objects.get().off_on == date(2026, 11, 11), "the evening goes on after midnight"
    switch_dish(bo.merchant.pk, dish.pk, on=False, actor=clerk, now=after_midnight + timedelta(hours=12))
    assert Dish.objects.get().off_on == date(2026, 11, 12)
    switch_dish(bo.merchant.pk, dish.pk, on=True, actor=clerk, now=LUNCH)
    assert Dish.objects.get().off_on is None


def test_around_the_clock_it_is_gone_for_whoever_orders_shortly_before_midnight(bo: Shop, ann_actor: Actor) -> None:
    kitchen_of(bo.merchant, opens=time(0), closes=time(0))
    dish = dish_of(bo.merchant)
    late = datetime(2026, 11, 11, 23, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
    open_kitchen(bo.merchant, late)
    wishes = [meal_wish(dish, at="now", way="pickup")]
    switch_dish(bo.merchant.pk, dish.pk, on=False, actor=bo.actor, now=late)
    kitchen = load_kitchens([bo.merchant.pk])[bo.merchant.pk]
    assert [each["off"] for each in read_switches(kitchen, late)] == [True]
    with pytest.raises(Refusal) as no:
        ordered(wishes, ann_actor, 2800, now=late)
    assert no.value.code.name == "dish_off"
    assert not Order.objects.exists()
    switch_dish(bo.merchant.pk, dish.pk, on=True, actor=bo.actor, now=late)
    assert ordered(wishes, ann_actor, 2800, now=late).state == "paid"


def test_nobody_else(bo: Shop, cy: Shop) -> None:
    kitchen_of(bo.merchant)
    kitchen_of(cy.merchant)
    dish = dish_of(bo.merchant)
    finance = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "finance"}, merchant_id=bo.merchant.pk)
    for merchant, actor in ((bo.merchant, finance), (bo.merchant, cy.actor), (cy.merchant, cy.actor)):
        with pytest.raises(Refusal):
            switch_dish(merchant.pk, dish.pk, on=False, actor=actor, now=LUNCH)
    assert Dish.objects.get(pk=dish.pk).off_on is None
