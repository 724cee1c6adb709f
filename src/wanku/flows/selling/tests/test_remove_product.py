"""Removing for good sets address and SKUs free."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop, product_of
from wanku.catalog.models import Product
from wanku.flows.selling.remove_product import remove_product
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_removed_is_gone_from_the_desk_and_frees_its_names(bo: Shop, cy: Shop) -> None:
    product = product_of(bo.merchant, slug="pot")
    for actor, code in ((cy.actor, "not_found"), (replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed")):
        with pytest.raises(Refusal) as caught:
            remove_product(product.pk, actor=actor, now=NOW)
        assert caught.value.code.name == code
    remove_product(product.pk, actor=bo.actor, now=NOW)
    assert not Product.objects.visible_to(bo.actor).exists()
    with pytest.raises(Refusal) as caught:
        remove_product(product.pk, actor=bo.actor, now=NOW)
    assert caught.value.code.name == "not_found"
    assert not Product.objects.filter(slug="pot").exists()
    assert not product.variants.filter(sku="SKU-1-1").exists()
