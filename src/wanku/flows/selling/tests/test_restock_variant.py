"""Stock of one variant."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from wanku.flows.selling.restock_variant import restock_variant
from wanku.inventory.models import StockLog, Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue.models import Source
from wanku.kinds.issue.tests.selling import plan_of

pytestmark = pytest.mark.django_db


def test_in_and_out_with_a_log(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=10))
    restock_variant(variant.pk, 5, because="delivery", actor=bo.actor, now=NOW)
    restock_variant(variant.pk, -15, because="broken", actor=bo.actor, now=NOW)
    assert (supply_of(variant).free, supply_of(variant).put_in) == (0, 0)
    assert list(StockLog.objects.values_list("change", "because", "by_id")) == [
        (-15, "broken", bo.owner.pk),
        (5, "delivery", bo.owner.pk),
    ]


def test_a_missing_counter_is_made(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant))
    Supply.objects.all().delete()
    assert restock_variant(variant.pk, 5, because="", actor=bo.actor, now=NOW).free == 5


def test_refusals(bo: Shop, cy: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=10))
    Supply.objects.update(free=4, held=6)
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    cases: list[tuple[int, Any, str]] = [
        (-5, bo.actor, "stock_held"),
        (1, cy.actor, "not_found"),
        (1, clerk, "not_allowed"),
        (10**9, bo.actor, "bad_value"),
    ]
    for change, actor, code in cases:
        with pytest.raises(Refusal) as caught:
            restock_variant(variant.pk, change, because="", actor=actor, now=NOW)
        assert caught.value.code.name == code
    assert supply_of(variant).free == 4
    assert not StockLog.objects.exists()


def test_the_stock_of_a_pool_is_the_number_of_its_codes(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    with pytest.raises(Refusal) as no:
        restock_variant(plan.pk, 5, because="", actor=bo.actor, now=NOW)
    assert no.value.code.name == "stock_counted"
    assert supply_of(plan.variant).free == 2
    ours = plan_of(bo.merchant, stock=2)
    assert restock_variant(ours.pk, 5, because="", actor=bo.actor, now=NOW).free == 7


def test_what_is_planned_has_no_stock(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, kind="stay"))
    Supply.objects.all().delete()
    with pytest.raises(Refusal) as no:
        restock_variant(variant.pk, 5, because="", actor=bo.actor, now=NOW)
    assert no.value.code.name == "no_stock"
    assert not Supply.objects.exists()
