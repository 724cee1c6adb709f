"""Carts: what goes in, what changes, what comes together."""

from typing import Any

import pytest
from tests.cast import NOW, Shop, product_of, supply_of, variant_of

from wanku.access.actor import Actor
from wanku.carts.models import Cart, CartLine
from wanku.carts.queries import count_pieces, read_cart
from wanku.carts.rules import BUYABLE, EXTRA_GONE, GONE, SHORT, SOLD_OUT
from wanku.catalog.models import ProductState
from wanku.flows.buying.change_cart import CartChange, change_cart
from wanku.flows.buying.fill_cart import fill_cart
from wanku.kernel.refusal import Refusal


def fill(actor: Actor, variant_id: int, quantity: int = 1, add_ons: tuple[int, ...] = ()) -> CartLine:
    return fill_cart(variant_id, quantity, add_ons, actor=actor, now=NOW)


def test_the_same_thing_grows_and_other_extras_make_another_line(bo: Shop, guest_actor: Actor) -> None:
    product = product_of(bo.merchant, add_ons=[("礼盒", 1500), ("刻字", 2000)])
    variant, (box, name) = variant_of(product), product.add_ons.all()
    fill(guest_actor, variant.pk, 2)
    fill(guest_actor, variant.pk, 1)
    fill(guest_actor, variant.pk, 1, (name.pk, box.pk))
    fill(guest_actor, variant.pk, 1, (box.pk, name.pk))
    cart = read_cart(guest_actor)
    assert sorted((i.quantity, i.unit_price) for i in cart.items) == [(2, 13400), (3, 9900)]
    assert cart.goods == 2 * 13400 + 3 * 9900
    assert count_pieces(guest_actor) == 5


@pytest.mark.parametrize("quantity", [0, -1, 1000])
def test_a_quantity_out_of_range_is_refused(bo: Shop, guest_actor: Actor, quantity: int) -> None:
    variant = variant_of(product_of(bo.merchant, stock=5000))
    with pytest.raises(Refusal) as no:
        fill(guest_actor, variant.pk, quantity)
    assert (no.value.code.name, no.value.field) == ("bad_quantity", "quantity")
    assert not CartLine.objects.exists()


def test_more_than_there_is_is_refused_and_nothing_is_kept(bo: Shop, guest_actor: Actor) -> None:
    variant = variant_of(product_of(bo.merchant, stock=3))
    fill(guest_actor, variant.pk, 2)
    with pytest.raises(Refusal) as no:
        fill(guest_actor, variant.pk, 2)
    assert no.value.code.name == "stock_short"
    assert CartLine.objects.get().quantity == 2


def test_what_is_not_offered_cannot_be_put_in(bo: Shop, guest_actor: Actor) -> None:
    off = variant_of(product_of(bo.merchant, state=ProductState.OFF))
    foreign = product_of(bo.merchant, add_ons=[("礼盒", 1500)]).add_ons.get()
    for variant_id, add_ons, code in [
        (off.pk, (), "unavailable"),
        (variant_of(product_of(bo.merchant)).pk, (foreign.pk,), "add_on_unavailable"),
        (999_999, (), "not_found"),
    ]:
        with pytest.raises(Refusal) as no:
            fill(guest_actor, variant_id, 1, add_ons)
        assert no.value.code.name == code
    assert not CartLine.objects.exists()


def test_a_cart_has_an_end(bo: Shop, guest_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wanku.carts.put.CART_LINES_MAX", 2)
    product = product_of(bo.merchant, prices=(100, 200, 300))
    for index in range(2):
        fill(guest_actor, variant_of(product, index).pk)
    with pytest.raises(Refusal) as no:
        fill(guest_actor, variant_of(product, 2).pk)
    assert no.value.code.name == "cart_full"
    assert CartLine.objects.count() == 2


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
    cart = read_cart(ann_actor)
    found = {item.offer.title: item.standing for item in cart.items}
    assert found == {"壶 0": GONE, "壶 1": SOLD_OUT, "壶 2": SHORT, "壶 3": EXTRA_GONE, "箱": GONE}
    assert cart.goods == 0
    assert len(cart.hindered) == 5


def _leave(product: Any, free: int) -> None:
    supply = supply_of(variant_of(product))
    supply.free, supply.sold = free, supply.put_in - free
    supply.save()


def test_a_changed_price_is_pointed_out_until_it_is_accepted(bo: Shop, ann_actor: Actor) -> None:
    variant = variant_of(product_of(bo.merchant))
    fill(ann_actor, variant.pk, 2)
    variant.price = 8800
    variant.save()
    (item,) = read_cart(ann_actor).changed
    assert (item.price_change, item.amount, item.standing) == (-1100, 17600, BUYABLE)
    change_cart(CartChange(accept_prices=True), actor=ann_actor, now=NOW)
    assert read_cart(ann_actor).changed == ()


def test_change_select_and_remove(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    tea, bag = (
        fill(ann_actor, variant_of(product_of(bo.merchant)).pk),
        fill(ann_actor, variant_of(product_of(cy.merchant, prices=(20000,))).pk),
    )
    change_cart(CartChange(quantities=((tea.pk, 4),), selected=((bag.pk, False),)), actor=ann_actor, now=NOW)
    cart = read_cart(ann_actor)
    assert (cart.goods, cart.pieces, cart.selected) == (39600, 4, False)
    change_cart(CartChange(select_all=True, removed=[tea.pk]), actor=ann_actor, now=NOW)
    assert [(i.id, i.selected) for i in read_cart(ann_actor).items] == [(bag.pk, True)]


def test_nobody_changes_another_cart(bo: Shop, ann_actor: Actor, guest_actor: Actor) -> None:
    line = fill(ann_actor, variant_of(product_of(bo.merchant)).pk)
    change_cart(CartChange(removed=[line.pk]), actor=guest_actor, now=NOW)
    fill(guest_actor, variant_of(product_of(bo.merchant)).pk)
    with pytest.raises(Refusal) as no:
        change_cart(CartChange(quantities=((line.pk, 5),)), actor=guest_actor, now=NOW)
    assert no.value.code.name == "not_found"
    change_cart(CartChange(removed=[line.pk], selected=((line.pk, False),)), actor=guest_actor, now=NOW)
    assert [(i.quantity, i.selected) for i in read_cart(ann_actor).items] == [(1, True)]


def test_reading_costs_the_same_whatever_the_size(
    bo: Shop, cy: Shop, ann_actor: Actor, django_assert_num_queries: Any
) -> None:
    for shop in (bo, cy):
        for _ in range(4):
            fill(ann_actor, variant_of(product_of(shop.merchant, add_ons=[("礼盒", 100)])).pk)
    with django_assert_num_queries(5):
        assert len(read_cart(ann_actor).items) == 8


def test_one_cart_per_owner(bo: Shop, guest_actor: Actor) -> None:
    fill(guest_actor, variant_of(product_of(bo.merchant)).pk)
    fill(guest_actor, variant_of(product_of(bo.merchant)).pk)
    assert Cart.objects.count() == 1
