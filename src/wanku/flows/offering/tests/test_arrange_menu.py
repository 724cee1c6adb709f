"""Sections and the order of dishes."""

import pytest

from tests.cast import Shop
from tests.kitchen import LUNCH, dish_of, kitchen_of
from wanku.flows.offering.arrange_menu import arrange_menu
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.models import Dish, Section
from wanku.kinds.meal.rules import SectionData


def test_sections_and_dishes_stand_as_they_were_put(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    noodles, rice, tea = (dish_of(bo.merchant, title) for title in ("面", "饭", "茶"))
    arrange_menu(
        bo.merchant.pk,
        [SectionData(" 主食 ", dishes=(rice.pk, noodles.pk)), SectionData("饮料", dishes=(tea.pk,))],
        actor=bo.actor,
        now=LUNCH,
    )
    main, drinks = Section.objects.order_by("position")
    assert [(dish.pk, dish.position) for dish in main.dishes.all()] == [(rice.pk, 0), (noodles.pk, 1)]

    # Names change places, and a section goes: its dishes stay on the menu.
    arrange_menu(bo.merchant.pk, [SectionData("主食", id=drinks.pk, dishes=(tea.pk,))], actor=bo.actor, now=LUNCH)
    [kept] = Section.objects.all()
    assert (kept.pk, kept.name) == (drinks.pk, "主食")
    assert Dish.objects.get(pk=rice.pk).section_id is None
    assert not Section.objects.filter(pk=main.pk).exists()


def test_what_is_wrong_changes_nothing(bo: Shop, cy: Shop) -> None:
    kitchen_of(bo.merchant)
    kitchen_of(cy.merchant)
    other = dish_of(cy.merchant, "别家的")
    theirs = Section.objects.create(merchant=cy.merchant, name="别家")
    wrong = (
        [SectionData("a"), SectionData("a")],
        [SectionData("")],
        [SectionData(f"s{n}") for n in range(41)],
        [SectionData("a", dishes=(other.pk,))],
        [SectionData("a", id=theirs.pk)],
    )
    for sections in wrong:
        with pytest.raises(Refusal):
            arrange_menu(bo.merchant.pk, sections, actor=bo.actor, now=LUNCH)
    with pytest.raises(Refusal) as no:
        arrange_menu(bo.merchant.pk, [SectionData("a")], actor=cy.actor, now=LUNCH)
    assert no.value.code.name == "not_allowed"
    assert list(Section.objects.values_list("name", flat=True)) == ["别家"]
