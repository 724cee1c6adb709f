"""A basket of food moves as a whole."""

import json

import pytest

from tests.cast import Shop, product_of, variant_of
from tests.kitchen import LUNCH, dish_of, kitchen_of, open_kitchen
from wanku.access.actor import Actor
from wanku.carts.models import CartLine
from wanku.flows.buying.fill_cart import fill_cart
from wanku.flows.buying.move_meals import move_meals
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.choice import MealChoice
from wanku.kinds.meal.models import Dish, Option

NOON, ONE = "2026-11-11T04:00Z", "2026-11-11T05:00Z"


def choice(**fields: object) -> str:
    return json.dumps(fields)


def test_all_of_one_shop_moves_and_what_becomes_equal_is_one(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    for shop in (bo, cy):
        kitchen_of(shop.merchant)
    hot = dish_of(bo.merchant, groups=[("辣度", 1, 1, [("微辣", 0)])])
    other = dish_of(cy.merchant, "别家的面")
    tea = product_of(bo.merchant, "茶叶")
    for shop in (bo, cy):
        open_kitchen(shop.merchant)
    option = Option.objects.get().pk
    for quantity, at in ((1, NOON), (2, ONE)):
        told = choice(at=at, options=[option])
        fill_cart(variant_of(hot.product).pk, quantity, (), actor=ann_actor, now=LUNCH, choice=told)
    fill_cart(variant_of(other.product).pk, 1, (), actor=ann_actor, now=LUNCH, choice=choice(at=NOON))
    fill_cart(variant_of(tea).pk, 1, (), actor=ann_actor, now=LUNCH)

    moved = move_meals(bo.merchant.pk, MealChoice(at=ONE, way="pickup"), actor=ann_actor, now=LUNCH)

    assert moved == 2
    line = CartLine.objects.get(variant__product=hot.product)
    assert line.quantity == 3
    assert json.loads(line.choice) == {"at": ONE, "way": "pickup", "options": [option]}
    assert json.loads(CartLine.objects.get(variant__product=other.product).choice) == {"at": NOON}
    assert CartLine.objects.get(variant__product=tea).choice == ""


def test_refused_as_a_whole(bo: Shop, ann_actor: Actor) -> None:
    kitchen_of(bo.merchant)
    dish = dish_of(bo.merchant)
    open_kitchen(bo.merchant)
    fill_cart(variant_of(dish.product).pk, 1, (), actor=ann_actor, now=LUNCH, choice=choice(at=NOON))
    for to in (MealChoice(at="2026-11-11T20:00Z"), MealChoice(at=NOON, way="table", table="guessed")):
        with pytest.raises(Refusal):
            move_meals(bo.merchant.pk, to, actor=ann_actor, now=LUNCH)
    Dish.objects.update(off_on=LUNCH.date())
    with pytest.raises(Refusal) as no:
        move_meals(bo.merchant.pk, MealChoice(at=ONE), actor=ann_actor, now=LUNCH)
    assert no.value.code.name == "dish_off"
    assert json.loads(CartLine.objects.get().choice) == {"at": NOON}


def test_nobodys_cart(bo: Shop, ann_actor: Actor) -> None:
    assert move_meals(bo.merchant.pk, MealChoice(at=NOON), actor=ann_actor, now=LUNCH) == 0
