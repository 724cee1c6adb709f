"""Taking off sale."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop, product_of
from wanku.flows.selling.delist_product import delist_product
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_off_and_not_by_others(bo: Shop, cy: Shop) -> None:
    product = product_of(bo.merchant)
    for actor, code in ((cy.actor, "not_found"), (replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed")):
        with pytest.raises(Refusal) as caught:
            delist_product(product.pk, actor=actor, now=NOW)
        assert caught.value.code.name == code
    product.refresh_from_db()
    assert product.state == "on_sale"
    assert delist_product(product.pk, actor=bo.actor, now=NOW).state == "off"
