"""Products from the editor."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import NOW, Shop, category_of, product_of, supply_of, variant_of
from wanku.catalog.models import Product
from wanku.catalog.rules import OptionData, PictureData, ProductData, VariantData
from wanku.files.models import Picture
from wanku.flows.selling.save_product import save_product
from wanku.inventory.models import StockLog, Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.registry import KINDS, by_sku

pytestmark = pytest.mark.django_db


def data(**more: Any) -> ProductData:
    options: dict[str, Any] = {
        "title": "龙井",
        "category_id": category_of().pk,
        "options": (OptionData("规格", ("100g", "200g")),),
        "variants": (VariantData("T-1", 12800, ("100g",)), VariantData("T-2", 22800, ("200g",))),
    }
    return ProductData(**{**options, **more})


def save(shop: Shop, told: ProductData, **more: Any) -> Product:
    options = {"product_id": None, "stock": {}, "low_at": {}, "actor": shop.actor, "now": NOW, **more}
    return save_product(shop.merchant.pk, told, **options)


def test_a_draft_with_counters(bo: Shop) -> None:
    product = save(bo, data(), stock={"T-1": 5, "unknown": 3}, low_at={"T-2": 2})
    assert product.state == "draft"
    one, two = (supply_of(variant_of(product, index)) for index in (0, 1))
    assert (one.free, one.low_at, two.free, two.low_at) == (5, bo.merchant.low_stock_at, 0, 2)
    assert StockLog.objects.get().by_id == bo.owner.pk


@pytest.mark.parametrize("kind", [*KINDS])
def test_only_kinds_that_take_from_it_have_a_counter(bo: Shop, kind: str) -> None:
    product = save(bo, data(kind=kind), low_at={"T-1": 3})
    assert Supply.objects.count() == (2 if by_sku(kind) else 0)
    if not by_sku(kind):
        with pytest.raises(Refusal) as no:
            save(bo, data(title="新"), product_id=product.pk, stock={"T-1": 5})
        assert (no.value.code.name, no.value.field) == ("no_stock", "stock")
        assert Product.objects.get().title == "龙井" and not Supply.objects.exists()


def test_a_change_of_stock_is_a_difference(bo: Shop) -> None:
    product = save(bo, data(), stock={"T-1": 5})
    # Two pieces were sold while the form was open.
    Supply.objects.filter(key=variant_of(product).supply_key).update(free=3, sold=2)
    save(bo, data(title="新"), product_id=product.pk, stock={"T-1": 5})
    assert supply_of(variant_of(product)).free == 8


def test_refusals_change_nothing(bo: Shop, cy: Shop) -> None:
    own, foreign = product_of(bo.merchant), product_of(cy.merchant)
    picture = Picture.objects.create(
        owner=f"merchant:{cy.merchant.pk}", sha256=b"", width=1, height=1, bytes=1, created_at=NOW
    )
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    before = list(Product.objects.order_by("pk").values())
    cases: list[tuple[ProductData, dict[str, Any], str, str | None]] = [
        (data(), {"actor": clerk}, "not_allowed", None),
        (data(), {"actor": cy.actor}, "not_allowed", None),
        (data(), {"product_id": foreign.pk}, "not_found", None),
        (data(pictures=(PictureData(picture.pk),)), {}, "not_found", "pictures"),
        (data(pictures=(PictureData(uuid4()),)), {"product_id": own.pk}, "not_found", "pictures"),
        (data(return_rule="never"), {}, "less_kind", "return_rule"),
        (data(return_days=3), {}, "bad_value", "return_days"),
        (data(title=""), {}, "bad_value", "title"),
        (data(), {"stock": {"T-1": -1}}, "stock_held", "stock"),
        (data(), {"low_at": {"T-1": -1}}, "bad_value", "low_stock_at"),
        (data(options=(), variants=(VariantData("SKU-1-1", 1),)), {}, "sku_taken", "variants.0.sku"),
    ]
    for told, more, code, field in cases:
        with pytest.raises(Refusal) as caught:
            save(bo, told, **more)
        assert (caught.value.code.name, caught.value.field) == (code, field)
    assert list(Product.objects.order_by("pk").values()) == before
    assert not StockLog.objects.exists()


def test_pictures_that_hang_there_may_stay(bo: Shop) -> None:
    mine = Picture.objects.create(
        owner=f"merchant:{bo.merchant.pk}", sha256=b"", width=1, height=1, bytes=1, created_at=NOW
    )
    product = save(bo, data(pictures=(PictureData(mine.pk, alt="茶"),)))
    Picture.objects.update(owner="platform")
    save(bo, data(pictures=(PictureData(mine.pk, alt="叶"),)), product_id=product.pk)
    assert product.pictures.get().alt == "叶"
