"""Changing what is in a cart."""

import pytest

from tests.cast import NOW, Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.carts.models import CartLine
from wanku.carts.queries import read_cart
from wanku.carts.rules import BUYABLE
from wanku.flows.buying.change_cart import CartChange, change_cart
from wanku.flows.buying.fill_cart import fill_cart
from wanku.kernel.refusal import Refusal


def fill(actor: Actor, variant_id: int, quantity: int = 1, add_ons: tuple[int, ...] = ()) -> CartLine:
    return fill_cart(variant_id, quantity, add_ons, actor=actor, now=NOW)


def test_a_changed_price_is_pointed_out_until_it_is_accepted(bo: Shop, ann_actor: Actor) -> None:
    variant = variant_of(product_of(bo.merchant))
    fill(ann_actor, variant.pk, 2)
    variant.price = 8800
    variant.save()
    (item,) = read_cart(ann_actor, now=NOW).changed
    assert (item.price_change, item.amount, item.standing) == (-1100, 17600, BUYABLE)
    change_cart(CartChange(accept_prices=True), actor=ann_actor, now=NOW)
    assert read_cart(ann_actor, now=NOW).changed == ()


def test_change_select_and_remove(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    tea, bag = (
        fill(ann_actor, variant_of(product_of(bo.merchant)).pk),
        fill(ann_actor, variant_of(product_of(cy.merchant, prices=(20000,))).pk),
    )
    change_cart(CartChange(quantities=((tea.pk, 4),), selected=((bag.pk, False),)), actor=ann_actor, now=NOW)
    cart = read_cart(ann_actor, now=NOW)
    assert (cart.goods, cart.pieces, cart.selected) == (39600, 4, False)
    change_cart(CartChange(select_all=True, removed=[tea.pk]), actor=ann_actor, now=NOW)
    assert [(i.id, i.selected) for i in read_cart(ann_actor, now=NOW).items] == [(bag.pk, True)]


def test_nobody_changes_another_cart(bo: Shop, ann_actor: Actor, guest_actor: Actor) -> None:
    line = fill(ann_actor, variant_of(product_of(bo.merchant)).pk)
    change_cart(CartChange(removed=[line.pk]), actor=guest_actor, now=NOW)
    fill(guest_actor, variant_of(product_of(bo.merchant)).pk)
    with pytest.raises(Refusal) as no:
        change_cart(CartChange(quantities=((line.pk, 5),)), actor=guest_actor, now=NOW)
    assert no.value.code.name == "not_found"
    change_cart(CartChange(removed=[line.pk], selected=((line.pk, False),)), actor=guest_actor, now=NOW)
    assert [(i.quantity, i.selected) for i in read_cart(ann_actor, now=NOW).items] == [(1, True)]
