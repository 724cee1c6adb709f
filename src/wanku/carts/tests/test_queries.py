"""Reading a cart with today's prices."""

from typing import Any

from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.carts.models import CartLine
from wanku.carts.queries import read_cart
from wanku.carts.rules import EXTRA_GONE, GONE, SHORT, SOLD_OUT
from wanku.catalog.models import ProductState
from wanku.flows.buying.fill_cart import fill_cart


def fill(actor: Actor, variant_id: int, quantity: int = 1, add_ons: tuple[int, ...] = ()) -> CartLine:
    return fill_cart(variant_id, quantity, add_ons, actor=actor, now=NOW)


def test_what_hinders_is_said_line_by_line(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    products = [product_of(bo.merchant, f"壶 {i}", add_ons=[("礼盒", 100)]) for i in range(4)]
    paused = product_of(cy.merchant, "箱")
    for product in [*products, paused]:
        fill(ann_actor, variant_of(product).pk, 2, tuple(a.pk for a in product.add_ons.all()))
    products[0].state = ProductState.OFF
    products[0].save()
    _leave(products[1], 0)
    _leave(products[2], 1)
    products[3].add_ons.update(is_active=False)
    cy.merchant.state = "suspended"
    cy.merchant.save()
    cart = read_cart(ann_actor, now=NOW)
    found = {item.offer.title: item.standing for item in cart.items}
    assert found == {"壶 0": GONE, "壶 1": SOLD_OUT, "壶 2": SHORT, "壶 3": EXTRA_GONE, "箱": GONE}
    assert cart.goods == 0
    assert len(cart.hindered) == 5


def _leave(product: Any, free: int) -> None:
    supply = supply_of(variant_of(product))
    supply.free, supply.sold = free, supply.put_in - free
    supply.save()


def test_reading_costs_the_same_whatever_the_size(
    bo: Shop, cy: Shop, ann_actor: Actor, django_assert_num_queries: Any
) -> None:
    for shop in (bo, cy):
        for _ in range(4):
            fill(ann_actor, variant_of(product_of(shop.merchant, add_ons=[("礼盒", 100)])).pk)
    with django_assert_num_queries(2):
        assert len(read_cart(ann_actor, now=NOW).items) == 8
