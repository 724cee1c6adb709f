"""A menu from a table: all of it or nothing."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Shop, category_of
from tests.kitchen import LUNCH, dish_of, kitchen_of
from wanku.audit.models import Act
from wanku.catalog.models import Category, Product, Variant
from wanku.flows.offering._sheet import Outcome
from wanku.flows.offering.import_menu import import_menu
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.models import Dish, Group, Option, Section

pytestmark = pytest.mark.django_db
HEAD = "dish,section,tags,portions,size,price,group,least,most,option,option_price,course,category"
NOODLES = (
    "番茄牛腩面,面,\"new, hot\",40,大碗,32,辣度,1,1,微辣,,,",
    ",,,,小碗,26,,,,特辣,1.00,,",
    ",,,,,,加料,,2,卤蛋,3,,",
    ",,,,,,,,,青菜,2,,",
    "冰红茶,饮料,,,,8,,,,,,,",
    "套餐,套餐,,,,36,主食,1,1,番茄牛腩面,,yes,",
    "套餐,,,,,,饮料,1,1,冰红茶,2,yes,",
)  # fmt: skip


@pytest.fixture
def _kitchen(bo: Shop) -> None:
    kitchen_of(bo.merchant, ahead_days=1)
    Category.objects.create(slug="meals", path="meals", names={"zh-hans": "餐饮"})


def taken(bo: Shop, *rows: str, head: str = HEAD) -> Outcome:
    return import_menu(bo.merchant.pk, "\n".join([head, *rows]).encode(), actor=bo.actor, now=LUNCH)


def everything() -> list[Any]:
    models = (Product, Variant, Dish, Group, Option, Section, Supply, Act)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.usefixtures("_kitchen")
def test_a_menu_with_sections_sizes_options_and_a_combo(bo: Shop) -> None:
    outcome = taken(bo, *NOODLES)
    assert (outcome.count("create"), outcome.faults) == (3, ())
    assert list(Section.objects.order_by("position").values_list("name", flat=True)) == ["面", "饮料", "套餐"]
    noodles, _tea, combo = Dish.objects.order_by("pk")
    assert (noodles.section and noodles.section.name, noodles.portions, noodles.tags) == ("面", 40, ["new", "hot"])
    assert (noodles.product.title, noodles.product.state, noodles.product.kind) == ("番茄牛腩面", "on_sale", "meal")
    assert noodles.product.category.slug == "meals"
    sizes = noodles.product.variants.filter(is_active=True).order_by("position")
    assert [(v.label, v.price) for v in sizes] == [("大碗", 3200), ("小碗", 2600)]
    groups = [(g.name, g.least, g.most, [(o.name, o.price) for o in g.options.all()]) for g in noodles.groups.all()]
    assert groups == [("辣度", 1, 1, [("微辣", 0), ("特辣", 100)]), ("加料", 0, 2, [("卤蛋", 300), ("青菜", 200)])]
    assert Option.objects.get(group__dish=combo, name="番茄牛腩面").of_id == noodles.pk
    assert {supply.free for supply in Supply.objects.filter(key__startswith=f"portion:{noodles.pk}:")} == {40}
    assert Act.objects.get(verb="import_menu").facts == {"create": 3, "update": 0, "same": 0}


@pytest.mark.usefixtures("_kitchen")
def test_the_same_table_again_changes_nothing_and_a_changed_row_only_its_dish(bo: Shop) -> None:
    taken(bo, *NOODLES)
    ids = dict(Option.objects.values_list("name", "pk"))
    before = everything()[:-1]
    assert taken(bo, *NOODLES).count("same") == 3
    assert everything()[:-1] == before
    outcome = taken(bo, *[row.replace(",40,", ",5,") for row in NOODLES])
    assert (outcome.count("same"), outcome.count("update")) == (2, 1)
    assert Dish.objects.get(product__title="番茄牛腩面").portions == 5
    assert dict(Option.objects.values_list("name", "pk")) == ids


@pytest.mark.usefixtures("_kitchen")
def test_a_missing_column_leaves_things_as_they_are(bo: Shop) -> None:
    dish = dish_of(bo.merchant, "面", prices=(2800,), portions=9, groups=[("辣度", 1, 1, [("微辣", 0)])])
    dish.tags = ["loved"]
    dish.save()
    category = dish.product.category_id
    assert taken(bo, "面,30", head="菜品,价格").count("update") == 1
    dish.refresh_from_db()
    assert (dish.portions, dish.tags, dish.product.category_id) == (9, ["loved"], category)
    assert dish.product.variants.get(is_active=True).price == 3000
    assert Option.objects.get().name == "微辣"


@pytest.mark.usefixtures("_kitchen")
def test_refusals_change_nothing(bo: Shop, cy: Shop) -> None:
    good = "汤,,,,,8,,,,,,,"
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    category_of()
    before = everything()
    for content, actor, merchant, code in (
        (f"{HEAD}\n{good}", cy.actor, bo, "not_allowed"),
        (f"{HEAD}\n{good}", clerk, bo, "not_allowed"),
        (f"{HEAD}\n{good}", cy.actor, cy, "no_menu"),
        ("dish\n汤", bo.actor, bo, "headings_missing"),
        (f"{HEAD}\n" + f"{good}\n" * 501, bo.actor, bo, "too_many_rows"),
        (f"{HEAD}\n新菜,新分类,,,,8,,,,,,,\n汤,,,,,free,,,,,,,", bo.actor, bo, "faulty_rows"),
    ):
        with pytest.raises(Refusal) as no:
            import_menu(merchant.merchant.pk, content.encode(), actor=actor, now=LUNCH)
        assert (no.value.code.name, everything()) == (code, before)
