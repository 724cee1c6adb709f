"""A table of dishes, looked at first."""

from dataclasses import replace

import pytest

from tests.cast import Shop, category_of
from tests.kitchen import LUNCH, dish_of, kitchen_of
from wanku.audit.models import Act
from wanku.catalog.models import Product
from wanku.flows.offering.preview_menu import preview_menu
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.models import Dish, Group, Section

pytestmark = pytest.mark.django_db
HEAD = "dish,section,tags,portions,size,price,group,least,most,option,option_price,course,category"
CASES = [
    (",,,,,8,,,,,,,home", [(2, "dish", "cell_missing")]),
    (f"{'x' * 121},,,,,8,,,,,,,home", [(2, "dish", "cell_too_long")]),
    (f"汤,{'x' * 41},,,,8,,,,,,,home", [(2, "section", "cell_too_long")]),
    ("汤,,spicy,,,8,,,,,,,home", [(2, "tags", "cell_no_choice")]),
    ("汤,,,-1,,8,,,,,,,home", [(2, "portions", "cell_no_number")]),
    ("汤,,,,,free,,,,,,,home", [(2, "price", "cell_no_price")]),
    ("汤,,,,大碗,,,,,,,,home", [(2, "price", "cell_missing")]),
    ("汤,,,,,8,,,,,,,moon", [(2, "category", "unknown_category")]),
    ("汤,,,,,8,,,,,,,", [(2, "category", "unknown_category")]),
    ("汤,,,,,,辣度,1,1,微辣,,,home", [(2, "price", "cell_missing")]),
    ("汤,,,,,8,,,,,,,home\n,,1,,,,,,,,,,", [(3, "", "empty_row")]),
    ("汤,,,,大碗,8,,,,,,,home\n,,,,大碗,6,,,,,,,", [(2, "size", "bad_value")]),
    ("汤,,,,,8,,,,微辣,,,home", [(2, "group", "no_group")]),
    ("汤,,,,,8,辣度,,,,,,home", [(2, "option", "cell_missing")]),
    ("汤,,,,,8,辣度,2,1,微辣,,,home", [(2, "most", "bad_value")]),
    ("汤,,,,,8,辣度,1,many,微辣,,,home", [(2, "most", "cell_no_number")]),
    ("汤,,,,,8,辣度,1,1,微辣,-1,,home", [(2, "option_price", "cell_no_price")]),
    ("汤,,,,,8,辣度,1,1,微辣,,,home\n,,,,,,,,,微辣,,,", [(3, "option", "bad_value")]),
    ("汤,,,,,8,辣度,1,1,微辣,99999,,home", [(2, "option_price", "bad_value")]),
    ("汤,,,,,8,主食,1,1,饭,,perhaps,home", [(2, "course", "cell_no_choice")]),
    ("汤,,,,,8,主食,1,1,饭,,yes,home", [(2, "option", "no_course")]),
    ("汤,,,,,8,主食,1,1,双,,yes,home", [(2, "option", "two_dishes")]),
    ("双,,,,,8,,,,,,,home", [(2, "dish", "two_dishes")]),
    ("面,,,,,8,,,,,,,\n汤,新,,,,8,主食,1,1,面,,yes,home", []),
]


@pytest.mark.parametrize(("rows", "faults"), CASES, ids=range(len(CASES)))
def test_what_is_wrong_is_named_by_row_and_column(bo: Shop, rows: str, faults: list[tuple[int, str, str]]) -> None:
    kitchen_of(bo.merchant)
    category_of()
    for at, title in enumerate(("面", "双", "双")):
        dish_of(bo.merchant, title, slug=f"dish-{at}")
    models = (Product, Dish, Group, Section, Act)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    outcome = preview_menu(bo.merchant.pk, f"{HEAD}\n{rows}".encode(), actor=bo.actor, now=LUNCH)
    assert [(fault.row, fault.column, fault.refusal.code.name) for fault in outcome.faults] == faults
    assert bool(faults) or (outcome.count("update"), outcome.count("create")) == (1, 1)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_too_many_sections(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    category_of()
    rows = [f"菜{n},分类{n},,,,8,,,,,,,home" for n in range(41)]
    outcome = preview_menu(bo.merchant.pk, "\n".join([HEAD, *rows]).encode(), actor=bo.actor, now=LUNCH)
    assert [(fault.row, fault.column) for fault in outcome.faults] == [(42, "section")]
    assert not Section.objects.exists()


def test_who_may_not(bo: Shop, cy: Shop) -> None:
    kitchen_of(bo.merchant)
    for actor in (cy.actor, replace(bo.actor, seats={bo.merchant.pk: "clerk"})):
        with pytest.raises(Refusal, match="not_allowed"):
            preview_menu(bo.merchant.pk, b"dish,price\nx,1", actor=actor, now=LUNCH)
