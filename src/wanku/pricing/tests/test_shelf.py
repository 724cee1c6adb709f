"""Offers in memory: as fresh as the shop's version, whoever changed what."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Shop, category_of, product_of, variant_of
from wanku.catalog.models import AddOn, Category, Product, ProductPicture, Variant
from wanku.catalog.versions import version_of_all, versions_of_variants
from wanku.inventory.models import Supply
from wanku.kernel.ids import new_id
from wanku.merchants.models import Merchant
from wanku.pricing import shelf
from wanku.pricing.load import load_offers
from wanku.pricing.models import FreightRate, FreightTemplate
from wanku.pricing.shelf import Shelf

pytestmark = pytest.mark.django_db


def versions(variant: Variant) -> dict[int, int]:
    return versions_of_variants([variant.pk])


def test_kept_offers_cost_no_query(bo: Shop, django_assert_num_queries: Any) -> None:
    kept, variant = Shelf(), variant_of(product_of(bo.merchant))
    with django_assert_num_queries(3):  # versions, offers, freight
        first = kept.offers([variant.pk])
    read = versions(variant)
    with django_assert_num_queries(0):
        assert kept.offers([variant.pk]) == first
        assert kept.stale(first, read) == set()
        assert kept.stale(first, {bo.merchant.pk: read[bo.merchant.pk] + 1}) == {variant.pk}
    assert first == load_offers([variant.pk])


def test_unknown_variants_are_missing(bo: Shop) -> None:
    assert Shelf().offers([404]) == {}


CHANGES: dict[str, Callable[[Product, Variant], object]] = {
    "price": lambda p, v: Variant.objects.filter(pk=v.pk).update(price=1),
    "variant off": lambda p, v: Variant.objects.filter(pk=v.pk).update(is_active=False),
    "title": lambda p, v: Product.objects.filter(pk=p.pk).update(title="新"),
    "taken off": lambda p, v: Product.objects.filter(pk=p.pk).update(state="off"),
    "limit": lambda p, v: Product.objects.filter(pk=p.pk).update(limit_per_person=1),
    "promise": lambda p, v: Product.objects.filter(pk=p.pk).update(ship_within_hours=24),
    "add-on": lambda p, v: AddOn.objects.create(product=p, name="礼盒", price=500),
    "picture": lambda p, v: ProductPicture.objects.create(product=p, picture_id=new_id()),
    "freight": lambda p, v: FreightTemplate.objects.create(merchant=p.merchant, name="x", by="count", is_default=True),
    "shop suspended": lambda p, v: Merchant.objects.filter(pk=p.merchant_id).update(state="suspended"),
    "commission": lambda p, v: Category.objects.filter(pk=p.category_id).update(commission_bp=100),
    "new counter": lambda p, v: Supply.objects.create(merchant=p.merchant, key="sku:0"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_an_offer_raises_its_shops_version(bo: Shop, cy: Shop, change: str) -> None:
    product, other = product_of(bo.merchant, category=category_of("tea")), variant_of(product_of(cy.merchant))
    variant = variant_of(product)
    kept, whole = Shelf(), version_of_all()
    before, others = kept.offers([variant.pk]), versions(other)
    CHANGES[change](product, variant)
    assert kept.stale(before, versions(variant)) == {variant.pk}
    assert version_of_all() != whole
    assert change == "commission" or versions(other) == others, "other shops are left alone"
    assert kept.refresh([variant.pk]) == load_offers([variant.pk])


def test_a_new_category_is_seen_by_whoever_keeps_pages(bo: Shop) -> None:
    before = version_of_all()
    category_of("new")
    assert version_of_all() != before


def test_rates_are_part_of_the_freight(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant))
    template = FreightTemplate.objects.create(merchant=bo.merchant, name="x", by="count", is_default=True)
    before = versions(variant)
    FreightRate.objects.create(template=template, first=1, first_fee=800, step=1, step_fee=100)
    assert versions(variant) != before


def test_sales_and_scores_do_not(bo: Shop) -> None:
    product = product_of(bo.merchant)
    variant = variant_of(product)
    before = versions(variant)
    Product.objects.filter(pk=product.pk).update(sold_count=9, rating_sum=5, rating_count=1)
    Supply.objects.filter(key=variant.supply_key).update(free=3, put_in=3)
    assert versions(variant) == before


def test_the_longest_unused_is_forgotten(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "OFFERS_MAX", 2)
    kept = Shelf()
    first, second, third = (variant_of(product_of(bo.merchant)).pk for _ in range(3))
    kept.offers([first, second])
    kept.offers([first])
    offers = kept.offers([third])
    assert offers.keys() == {third} and kept._offers.keys() == {first, third}
