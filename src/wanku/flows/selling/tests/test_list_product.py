"""Offering needs a standing and something to sell."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.selling.list_product import list_product
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Merchant

pytestmark = pytest.mark.django_db


def test_on_sale_once(bo: Shop) -> None:
    product = product_of(bo.merchant, state="draft", slug="x")
    assert list_product(product.pk, actor=bo.actor, now=NOW).state == "on_sale"
    assert list_product(product.pk, actor=bo.actor, now=NOW).listed_at == NOW


@pytest.mark.parametrize(("state", "fine"), [("applying", True), ("restricted", False), ("suspended", False)])
def test_standing(bo: Shop, state: str, fine: bool) -> None:
    product = product_of(bo.merchant, state="draft")
    Merchant.objects.filter(pk=bo.merchant.pk).update(state=state, due_at=NOW if state == "applying" else None)
    if fine:
        list_product(product.pk, actor=bo.actor, now=NOW)
    else:
        with pytest.raises(Refusal) as caught:
            list_product(product.pk, actor=bo.actor, now=NOW)
        assert caught.value.code.name == "standing_forbids"
    product.refresh_from_db()
    assert product.state == ("on_sale" if fine else "draft")


def test_refusals(bo: Shop, cy: Shop, di_actor: Actor) -> None:
    product = product_of(bo.merchant, state="draft")
    empty = product_of(bo.merchant, state="draft")
    empty.variants.update(is_active=False)
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    for key, actor, code in (
        (product.pk, cy.actor, "not_found"),
        (product.pk, di_actor, "not_found"),
        (product.pk, clerk, "not_allowed"),
        (empty.pk, bo.actor, "nothing_to_sell"),
        (0, bo.actor, "not_found"),
    ):
        with pytest.raises(Refusal) as caught:
            list_product(key, actor=actor, now=NOW)
        assert caught.value.code.name == code
    product.refresh_from_db()
    assert product.state == "draft"
