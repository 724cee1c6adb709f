"""Filling a cart."""

import pytest

from tests.cast import NOW, Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.carts.models import Cart, CartLine
from wanku.carts.queries import count_pieces, read_cart
from wanku.catalog.models import ProductState
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
    cart = read_cart(guest_actor, now=NOW)
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


def test_one_cart_per_owner(bo: Shop, guest_actor: Actor) -> None:
    fill(guest_actor, variant_of(product_of(bo.merchant)).pk)
    fill(guest_actor, variant_of(product_of(bo.merchant)).pk)
    assert Cart.objects.count() == 1
