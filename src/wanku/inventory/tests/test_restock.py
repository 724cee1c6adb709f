"""Counters: made once, changed with a reason, never below zero."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Shop, supply_of, variant_of
from wanku.catalog.models import Product
from wanku.inventory.ensure import ensure_supplies
from wanku.inventory.models import StockLog, Supply
from wanku.inventory.queries import has_stock, stock_of
from wanku.inventory.restock import restock, restock_many, set_stock
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db
Make = Callable[..., Product]


def test_counters_are_made_once(
    bo: Shop, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product = make_product(bo.merchant, prices=(100, 200), stock=7)
    first, second = product.variants.select_related("merchant")
    Supply.objects.filter(key=second.supply_key).delete()
    with django_assert_num_queries(2):
        made = ensure_supplies([first, second])
    assert (made[first.pk].free, made[second.pk].free) == (7, 0)
    assert ensure_supplies([first, second]).keys() == made.keys()
    assert Supply.objects.count() == 2


def test_stock_goes_in_and_out_with_a_reason(bo: Shop, make_product: Make) -> None:
    variant = variant_of(make_product(bo.merchant, stock=7))
    restock(variant.supply_key, 5, because=" 到货 ", by_id=3, now=NOW)
    restock(variant.supply_key, -10, because="盘点", by_id=3, now=NOW)
    supply = supply_of(variant)
    assert (supply.free, supply.put_in, supply.low_since) == (2, 2, NOW)
    assert [(row.change, row.because, row.by_id) for row in StockLog.objects.order_by("pk")] == [
        (5, "到货", 3),
        (-10, "盘点", 3),
    ]
    restock(variant.supply_key, 100, because="到货", by_id=None, now=NOW)
    assert supply_of(variant).low_since is None


def test_what_unpaid_orders_hold_cannot_be_taken_out(bo: Shop, make_product: Make) -> None:
    product = make_product(bo.merchant, prices=(100, 200), stock=7)
    first, second = product.variants.all()
    Supply.objects.filter(key=second.supply_key).update(free=3, held=4)
    with pytest.raises(Refusal) as refused:
        restock_many({first.supply_key: 9, second.supply_key: -4}, because="x", by_id=None, now=NOW)
    assert (refused.value.code.name, refused.value.facts) == ("stock_held", {"free": 3, "held": 4})
    assert supply_of(first).free == 7
    assert not StockLog.objects.exists()


@pytest.mark.parametrize(("key", "change", "code"), [("sku:0", 1, "not_found"), ("", 10**9, "bad_value")])
def test_nonsense_is_refused(bo: Shop, make_product: Make, key: str, change: int, code: str) -> None:
    variant = variant_of(make_product(bo.merchant))
    with pytest.raises(Refusal) as refused:
        restock(key or variant.supply_key, change, because="x", by_id=None, now=NOW)
    assert refused.value.code.name == code
    assert supply_of(variant).free == 10


def test_levels_are_logged_as_differences(bo: Shop, make_product: Make) -> None:
    variant = variant_of(make_product(bo.merchant, stock=7))
    set_stock({variant.supply_key: 30}, because="导入", by_id=None, now=NOW)
    set_stock({variant.supply_key: 30}, because="导入", by_id=None, now=NOW)
    assert supply_of(variant).free == 30
    assert [row.change for row in StockLog.objects.all()] == [23]
    with pytest.raises(Refusal):
        set_stock({variant.supply_key: -1}, because="导入", by_id=None, now=NOW)


def test_stock_is_read_at_once(bo: Shop, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    full, empty = make_product(bo.merchant, stock=7), make_product(bo.merchant, stock=0)
    variants = [*full.variants.all(), *empty.variants.all()]
    with django_assert_num_queries(1):
        assert list(stock_of(variants).values()) == [7, 0]
    assert list(Product.objects.filter(has_stock())) == [full]
