"""Tables and their codes."""

import pytest

from tests.cast import Shop
from tests.kitchen import LUNCH, kitchen_of
from wanku.flows.offering.set_tables import set_tables
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.models import Table


def test_a_table_keeps_its_code_until_it_is_renewed(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    set_tables(bo.merchant.pk, ["A2", " A1 ", ""], actor=bo.actor, now=LUNCH)
    first = {table.name: table.token for table in Table.objects.filter(merchant=bo.merchant)}
    assert list(first) == ["A2", "A1"]
    assert first["A1"] == f"table-{bo.merchant.pk}-a1"
    assert len(first["A2"]) == 22

    set_tables(bo.merchant.pk, ["A1"], renew=["A1", "A9"], actor=bo.actor, now=LUNCH)

    [table] = Table.objects.all()
    assert table.token not in first.values()


def test_no_code_is_like_another(bo: Shop) -> None:
    kitchen_of(bo.merchant)
    set_tables(bo.merchant.pk, [f"T{n}" for n in range(100)], actor=bo.actor, now=LUNCH)
    assert len(set(Table.objects.values_list("token", flat=True))) == 100


@pytest.mark.parametrize(
    "names", [["A", "A"], ["x" * 21], [f"T{n}" for n in range(201)]], ids=["twice", "long", "many"]
)
def test_what_is_wrong_is_named_and_nothing_changes(bo: Shop, names: list[str]) -> None:
    kitchen_of(bo.merchant)
    with pytest.raises(Refusal) as no:
        set_tables(bo.merchant.pk, names, actor=bo.actor, now=LUNCH)
    assert no.value.field == "tables"
    assert Table.objects.get().name == "A1"


def test_another_shop(bo: Shop, cy: Shop) -> None:
    kitchen_of(bo.merchant)
    with pytest.raises(Refusal):
        set_tables(bo.merchant.pk, [], actor=cy.actor, now=LUNCH)
    assert Table.objects.count() == 1
