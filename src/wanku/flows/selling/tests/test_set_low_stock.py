"""Thresholds of the low-stock notice."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from wanku.flows.selling.set_low_stock import set_low_stock
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_a_threshold_above_the_stock_says_so_at_once(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=10))
    set_low_stock(variant.pk, 10, actor=bo.actor, now=NOW)
    assert (supply_of(variant).low_at, supply_of(variant).low_since) == (10, NOW)
    set_low_stock(variant.pk, 9, actor=bo.actor, now=NOW)
    assert supply_of(variant).low_since is None


def test_refusals(bo: Shop, cy: Shop) -> None:
    variant = variant_of(product_of(bo.merchant))
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    for level, actor, code in (
        (-1, bo.actor, "bad_value"),
        (1, cy.actor, "not_found"),
        (1, clerk, "not_allowed"),
    ):
        with pytest.raises(Refusal) as caught:
            set_low_stock(variant.pk, level, actor=actor, now=NOW)
        assert caught.value.code.name == code
    assert supply_of(variant).low_at == 5


def test_what_is_planned_does_not_run_low(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, kind="visit"))
    Supply.objects.all().delete()
    with pytest.raises(Refusal) as no:
        set_low_stock(variant.pk, 5, actor=bo.actor, now=NOW)
    assert no.value.code.name == "no_stock"
    assert not Supply.objects.exists()
