"""Saving a product: what is kept, what is refused, what is written along."""

import dataclasses
import uuid
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Shop, category_of
from wanku.catalog.delist_product import delist_product, remove_product
from wanku.catalog.list_product import list_product
from wanku.catalog.models import Product, ProductState, Variant
from wanku.catalog.rules import AddOnData, OptionData, PictureData, ProductData, VariantData
from wanku.catalog.save_product import problems, save_product
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def teapot(**changes: Any) -> ProductData:
    data = ProductData(
        title="白瓷 茶壶",
        category_id=category_of().pk,
        options=(OptionData("颜色", ("白", "青")),),
        variants=(VariantData("POT-W", 9900, ("白",), weight_g=600), VariantData("POT-B", 10900, ("青",))),
        parameters=(("材质", "陶瓷"), ("", "")),
        add_ons=(AddOnData("礼盒", 1500),),
        pictures=(PictureData(uuid.uuid4(), sku="POT-B"), PictureData(source="https://example.com/a.jpg")),
    )
    return dataclasses.replace(data, **changes)


def test_a_new_product_is_a_whole_draft(bo: Shop, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    data = teapot(slug="")
    with django_assert_max_num_queries(18):
        product = save_product(data, merchant=bo.merchant, now=NOW)
    product.refresh_from_db()
    assert (product.state, product.slug, product.price_min, product.price_max) == ("draft", "白瓷-茶壶", 9900, 10900)
    assert product.parameters == [{"name": "材质", "value": "陶瓷"}]
    assert product.options == [{"name": "颜色", "values": ["白", "青"]}]
    assert [(v.sku, v.values, v.price, v.weight_g) for v in product.variants.all()] == [
        ("POT-W", ["白"], 9900, 600),
        ("POT-B", ["青"], 10900, 0),
    ]
    assert [(a.name, a.price) for a in product.add_ons.all()] == [("礼盒", 1500)]
    first, second = product.pictures.all()
    assert (first.variant and first.variant.sku, second.source) == ("POT-B", "https://example.com/a.jpg")
    assert product.words is not None


def test_variants_keep_their_ids_by_sku_or_values_and_leave_by_becoming_inactive(bo: Shop) -> None:
    product = save_product(teapot(), merchant=bo.merchant, now=NOW)
    ids = dict(product.variants.values_list("sku", "pk"))
    changed = teapot(
        options=(OptionData("颜色", ("白", "墨", "青瓷")),),
        variants=(
            VariantData("POT-NEW", 8800, ("墨",)),
            VariantData("POT-B", 12000, ("青瓷",)),
            VariantData("POT-WHITE", 9000, ("白",)),
        ),
        add_ons=(AddOnData("贺卡", 0),),
    )
    save_product(changed, merchant=bo.merchant, now=NOW, product=product)
    by_sku = {v.sku: v for v in product.variants.all()}
    assert by_sku["POT-B"].pk == ids["POT-B"]
    assert by_sku["POT-WHITE"].pk == ids["POT-W"]
    assert by_sku["POT-NEW"].pk not in ids.values()
    assert {(a.name, a.is_active) for a in product.add_ons.all()} == {("礼盒", False), ("贺卡", True)}
    save_product(teapot(), merchant=bo.merchant, now=NOW, product=product)
    by_sku = {v.sku: v for v in product.variants.all()}
    assert (by_sku["POT-NEW"].is_active, by_sku["POT-W"].pk) == (False, ids["POT-W"])
    product.refresh_from_db()
    assert (product.price_min, product.price_max) == (9900, 10900)
    assert {a.name for a in product.add_ons.filter(is_active=True)} == {"礼盒"}


def test_swapped_skus_do_not_collide(bo: Shop) -> None:
    product = save_product(teapot(), merchant=bo.merchant, now=NOW)
    ids = dict(product.variants.values_list("sku", "pk"))
    swapped = teapot(variants=(VariantData("POT-B", 1, ("白",)), VariantData("POT-W", 2, ("青",))))
    save_product(swapped, merchant=bo.merchant, now=NOW, product=product)
    assert dict(product.variants.values_list("sku", "pk")) == ids


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("title", {"title": "   "}),
    ("title", {"title": "长" * 121}),
    ("subtitle", {"subtitle": "x" * 201}),
    ("brand", {"brand": "x" * 61}),
    ("description", {"description": "x" * 20_001}),
    ("currency", {"currency": "yuan"}),
    ("category", {"category_id": 0}),
    ("parameters.0", {"parameters": (("材质", ""),)}),
    ("parameters", {"parameters": tuple((f"p{i}", "x") for i in range(41))}),
    ("options", {"options": tuple(OptionData(f"o{i}", ("x",)) for i in range(4))}),
    ("options.0.name", {"options": (OptionData("", ("白", "青")),)}),
    ("options.0.values", {"options": (OptionData("颜色", ("白", "青", "白")),)}),
    ("variants", {"variants": (), "options": (), "pictures": ()}),
    ("variants.0.sku", {"variants": (VariantData("", 1, ("白",)),), "pictures": ()}),
    ("variants.0.sku", {"variants": (VariantData("a/b", 1, ("白",)),), "pictures": ()}),
    ("variants.1.sku", {"variants": (VariantData("a", 1, ("白",)), VariantData("a", 1, ("青",))), "pictures": ()}),
    ("variants.0.values", {"variants": (VariantData("a", 1, ("红",)),), "pictures": ()}),
    ("variants.0.values", {"variants": (VariantData("a", 1, ()),), "pictures": ()}),
    ("variants.1.values", {"variants": (VariantData("a", 1, ("白",)), VariantData("b", 1, ("白",))), "pictures": ()}),
    ("variants.0.price", {"variants": (VariantData("a", 0, ("白",)),), "pictures": ()}),
    ("variants.0.price", {"variants": (VariantData("a", 10**14, ("白",)),), "pictures": ()}),
    ("variants.0.list_price", {"variants": (VariantData("a", 1, ("白",), list_price=0),), "pictures": ()}),
    ("variants.0.weight_g", {"variants": (VariantData("a", 1, ("白",), weight_g=-1),), "pictures": ()}),
    ("variants.0.barcode", {"variants": (VariantData("a", 1, ("白",), barcode="1" * 41),), "pictures": ()}),
    ("add_ons.0.price", {"add_ons": (AddOnData("x", -1),)}),
    ("add_ons.1.name", {"add_ons": (AddOnData("x", 1), AddOnData("x", 2))}),
    ("pictures.0", {"pictures": (PictureData(),)}),
    ("pictures.0", {"pictures": (PictureData(uuid.uuid4(), sku="nobody"),)}),
    ("pictures", {"pictures": tuple(PictureData(uuid.uuid4()) for _ in range(13))}),
    ("ship_within_hours", {"ship_within_hours": 361}),
    ("arrives_days", {"arrives_days": (5, 2)}),
    ("return_rule", {"return_rule": "whatever"}),
    ("return_days", {"return_days": 6}),
    ("limit_per_order", {"limit_per_order": 0}),
]


@pytest.mark.parametrize(("field", "changes"), WRONG)
def test_wrong_fields_are_named_and_nothing_is_written(bo: Shop, field: str, changes: dict[str, Any]) -> None:
    data = teapot(**changes)
    assert field in [refusal.field for refusal in problems(data)]
    with pytest.raises(Refusal) as refused:
        save_product(data, merchant=bo.merchant, now=NOW)
    assert refused.value.code.name == "bad_value"
    assert not Product.objects.exists()
    assert not Variant.objects.exists()


def test_all_that_is_wrong_is_told_at_once() -> None:
    data = teapot(title="", ship_within_hours=0, variants=(VariantData("", 0, ()),), pictures=())
    fields = {refusal.field for refusal in problems(data)}
    assert {"title", "ship_within_hours", "variants.0.sku", "variants.0.price", "variants.0.values"} <= fields


def test_a_sku_or_an_address_of_another_product_is_refused(bo: Shop, cy: Shop) -> None:
    save_product(teapot(slug="pot"), merchant=bo.merchant, now=NOW)
    with pytest.raises(Refusal) as refused:
        save_product(teapot(), merchant=bo.merchant, now=NOW)
    assert (refused.value.code.name, refused.value.field) == ("sku_taken", "variants.0.sku")
    other = teapot(slug="pot", variants=(VariantData("X", 1, ("白",)),), pictures=())
    with pytest.raises(Refusal) as refused:
        save_product(other, merchant=bo.merchant, now=NOW)
    assert (refused.value.code.name, refused.value.field) == ("slug_taken", "slug")
    assert save_product(teapot(slug="pot"), merchant=cy.merchant, now=NOW).slug == "pot"


def test_addresses_made_of_titles_are_told_apart_and_kept(bo: Shop) -> None:
    first = save_product(teapot(), merchant=bo.merchant, now=NOW)
    plain: dict[str, Any] = {"options": (), "pictures": ()}
    second = save_product(teapot(variants=(VariantData("X", 1),), **plain), merchant=bo.merchant, now=NOW)
    assert (first.slug, second.slug) == ("白瓷-茶壶", "白瓷-茶壶-2")
    save_product(teapot(title="新名字"), merchant=bo.merchant, now=NOW, product=first)
    first.refresh_from_db()
    assert first.slug == "白瓷-茶壶"


def test_another_merchants_product_is_not_found(bo: Shop, cy: Shop) -> None:
    product = save_product(teapot(), merchant=bo.merchant, now=NOW)
    with pytest.raises(Refusal) as refused:
        save_product(teapot(title="mine now"), merchant=cy.merchant, now=NOW, product=product)
    assert refused.value.code.name == "not_found"
    product.refresh_from_db()
    assert product.title == "白瓷 茶壶"


def test_listing_and_taking_off(bo: Shop) -> None:
    product = save_product(teapot(), merchant=bo.merchant, now=NOW)
    listed = list_product(product, now=NOW)
    assert (listed.state, listed.listed_at) == (ProductState.ON_SALE, NOW)
    assert delist_product(product, now=NOW).state == ProductState.OFF
    assert list_product(product, now=NOW).state == ProductState.ON_SALE
    assert remove_product(product, now=NOW).state == ProductState.REMOVED
    for verb in (list_product, delist_product, remove_product):
        with pytest.raises(Refusal) as refused:
            verb(product, now=NOW)
        assert refused.value.code.name == "wrong_state"


def test_nothing_to_sell_cannot_be_listed(bo: Shop) -> None:
    product = save_product(teapot(), merchant=bo.merchant, now=NOW)
    product.variants.update(is_active=False)
    with pytest.raises(Refusal) as refused:
        list_product(product, now=NOW)
    assert refused.value.code.name == "nothing_to_sell"
    product.refresh_from_db()
    assert product.state == ProductState.DRAFT
