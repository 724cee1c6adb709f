"""Dishes."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Shop, category_of
from tests.kitchen import LUNCH, kitchen_of
from wanku.catalog.models import Product
from wanku.flows.offering.save_dish import save_dish
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.load import load_meals
from wanku.kinds.meal.models import Dish, Group, Option, Section
from wanku.kinds.meal.rules import DishData, GroupData, OptionData

SPICE = GroupData("辣度", 1, 1, (OptionData("微辣"), OptionData("特辣", 100)))


def data(**changes: Any) -> DishData:
    found = DishData(
        title="番茄牛腩面",
        category_id=category_of().pk,
        sizes=(("大碗", 3200), ("小碗", 2600)),
        portions=30,
        tags=("hot",),
        groups=(SPICE,),
    )
    return replace(found, **changes)


def test_a_dish_is_on_the_menu_at_once(bo: Shop) -> None:
    kitchen_of(bo.merchant, ahead_days=1)
    section = Section.objects.create(merchant=bo.merchant, name="面")
    dish = save_dish(bo.merchant.pk, data(section_id=section.pk), actor=bo.actor, now=LUNCH)

    product = Product.objects.get(pk=dish.pk)
    assert (product.kind, product.state, product.return_rule) == ("meal", "on_sale", "never")
    variants = list(product.variants.filter(is_active=True))
    assert [(v.label, v.price) for v in variants] == [("大碗", 3200), ("小碗", 2600)]
    facts = load_meals([variants[0].pk])[variants[0].pk]
    assert [option.price for option in facts.groups[0].options] == [0, 100]
    portions = Supply.objects.filter(key__startswith=f"portion:{dish.pk}:")
    assert {supply.free for supply in portions} == {30}
    assert portions.count() == 4


def test_a_change_keeps_ids_of_sizes_groups_and_options(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    dish = save_dish(bo.merchant.pk, data(), actor=bo.actor, now=LUNCH)
    ids = set(Option.objects.values_list("pk", flat=True)) | set(Group.objects.values_list("pk", flat=True))
    sizes = dict(dish.product.variants.values_list("sku", "pk"))
    sold = Supply.objects.get(key=f"portion:{dish.pk}:2026-11-11")
    Supply.objects.filter(pk=sold.pk).update(free=20, sold=10)

    again = data(portions=5, groups=(replace(SPICE, options=(OptionData("特辣", 200), OptionData("不辣"))),))
    save_dish(bo.merchant.pk, again, product_id=dish.pk, actor=bo.actor, now=LUNCH)

    assert dict(dish.product.variants.values_list("sku", "pk")) == sizes
    hot = Option.objects.get(name="特辣")
    assert (hot.price, hot.pk in ids) == (200, True)
    assert not Option.objects.filter(name="微辣").exists()
    sold.refresh_from_db()
    assert (sold.free, sold.sold) == (0, 10), "what was sold stays"

    save_dish(bo.merchant.pk, data(portions=None, groups=()), product_id=dish.pk, actor=bo.actor, now=LUNCH)
    assert not Group.objects.exists()
    assert Dish.objects.get().portions is None


def test_a_combo_names_dishes_of_the_same_shop(bo: Shop, cy: Shop) -> None:
    kitchen_of(bo.merchant)
    kitchen_of(cy.merchant)
    tea = save_dish(bo.merchant.pk, data(title="茶", sizes=(("", 800),)), actor=bo.actor, now=LUNCH)
    other = save_dish(cy.merchant.pk, data(title="别家的"), actor=cy.actor, now=LUNCH)
    drink = GroupData("饮料", 1, 1, (OptionData("茶", 0, tea.pk),))
    combo = save_dish(bo.merchant.pk, data(title="套餐", groups=(drink,)), actor=bo.actor, now=LUNCH)
    assert Option.objects.get(group__dish=combo).of_id == tea.pk

    wrong = replace(drink, options=(OptionData("茶", 0, other.pk),))
    with pytest.raises(Refusal) as no:
        save_dish(bo.merchant.pk, data(title="套餐2", groups=(wrong,)), actor=bo.actor, now=LUNCH)
    assert no.value.field == "groups.0.options.0.of"
    assert not Product.objects.filter(title="套餐2").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"sizes": ()}, "sizes"),
        ({"sizes": (("", 100), ("b", 100))}, "sizes"),
        ({"sizes": (("a", 0), ("b", 100))}, "variants.0.price"),
        ({"portions": -1}, "portions"),
        ({"tags": ("unknown",)}, "tags"),
        ({"category_id": 0}, "category"),
        ({"groups": (replace(SPICE, most=3),)}, "groups.0.most"),
        ({"groups": (replace(SPICE, least=2),)}, "groups.0.most"),
        ({"groups": (replace(SPICE, options=()),)}, "groups.0.options"),
        ({"groups": (replace(SPICE, options=(OptionData("a"), OptionData("a"))),)}, "groups.0.options.1.name"),
        ({"groups": (replace(SPICE, options=(OptionData("a", -1),)),)}, "groups.0.options.0.price"),
        ({"section_id": 999_999}, "section"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_stored(bo: Shop, change: dict[str, object], field: str) -> None:
    kitchen_of(bo.merchant)
    with pytest.raises(Refusal) as no:
        save_dish(bo.merchant.pk, data(**change), actor=bo.actor, now=LUNCH)
    assert field in {each.field for each in no.value.every()}
    assert not Product.objects.exists()


def test_another_shop_and_no_kitchen(bo: Shop, cy: Shop) -> None:
    with pytest.raises(Refusal) as no:
        save_dish(bo.merchant.pk, data(), actor=bo.actor, now=LUNCH)
    assert no.value.code.name == "no_menu"
    kitchen_of(bo.merchant)
    kitchen_of(cy.merchant)
    dish = save_dish(bo.merchant.pk, data(), actor=bo.actor, now=LUNCH)
    for merchant, actor in ((bo.merchant.pk, cy.actor), (cy.merchant.pk, cy.actor)):
        with pytest.raises(Refusal):
            save_dish(merchant, data(title="x"), product_id=dish.pk, actor=actor, now=LUNCH)
    assert Product.objects.get().title == "番茄牛腩面"
