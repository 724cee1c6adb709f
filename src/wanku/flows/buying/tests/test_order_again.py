"""The same again."""

import json

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from tests.visits import PRICE, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.carts.models import CartLine
from wanku.carts.queries import read_cart
from wanku.flows.buying.cancel_trade import cancel_trade
from wanku.flows.buying.order_again import order_again
from wanku.flows.buying.place_order import place_order
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order
from wanku.pricing.quote import Wish


def test_at_todays_price_and_as_far_as_it_is_there(bo: Shop, ann_actor: Actor) -> None:
    tea, cup, gone = (product_of(bo.merchant, title) for title in ("茶", "杯", "壶"))
    (order,) = paid(ann_actor, (tea, 2), (cup, 3), (gone, 1))
    variant = variant_of(tea)
    variant.price = 5000
    variant.save()
    supply = supply_of(variant_of(cup))
    supply.free, supply.sold = 1, supply.put_in - 1
    supply.save()
    gone.state = "off"
    gone.save()
    again = order_again(order.pk, actor=ann_actor, now=NOW)
    assert (again.added, set(again.missing)) == (2, {"杯", "壶"})
    assert {(i.offer.title, i.quantity, i.seen_price) for i in read_cart(ann_actor, now=NOW).items} == {
        ("茶", 2, 5000),
        ("杯", 1, 9900),
    }


def test_extras_of_the_same_name_come_along_and_missing_ones_leave_it_out(bo: Shop, ann_actor: Actor) -> None:
    tea = product_of(bo.merchant, "茶", add_ons=[("礼盒", 500)])
    extra = tea.add_ons.get()
    (order,) = paid(ann_actor, (tea, 1))
    line = order.lines.get()
    line.add_ons = [{"name": "礼盒", "price": 400}]
    line.save()
    assert order_again(order.pk, actor=ann_actor, now=NOW).added == 1
    assert read_cart(ann_actor, now=NOW).items[0].wish == Wish(variant_of(tea).pk, 1, (extra.pk,))
    tea.add_ons.update(is_active=False)
    assert order_again(order.pk, actor=ann_actor, now=NOW).missing == ("茶",)


def test_extras_that_take_time_are_looked_for_too(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "阿姨王", quarters=4)
    extra = salon.product.add_ons.get()
    checkout = visit_checkout(wish_of(salon, add_ons=(extra.pk,)), ann_actor, "1", total=PRICE + extra.price)
    placed = place_order(checkout, now=NOW)
    order = Order.objects.get(trade=placed.trade_id)
    cancel_trade(placed.trade_id, actor=ann_actor, now=NOW)
    # Half an hour after the hour belongs to somebody else: the hour alone would be free.
    Supply.objects.filter(key__endswith="T0315Z", free=1).update(free=0, sold=1)
    again = order_again(order.pk, actor=ann_actor, now=NOW)
    assert (again.added, again.missing) == (0, ("深度保洁",))
    Supply.objects.filter(key__endswith="T0315Z").update(free=1, sold=0)
    assert order_again(order.pk, actor=ann_actor, now=NOW).added == 1
    [item] = read_cart(ann_actor, now=NOW).items
    assert item.wish.add_ons == (extra.pk,)
    assert json.loads(item.wish.choice)["worker"] is None, "anyone, as before"


def test_only_the_buyer(bo: Shop, ann_actor: Actor, other_actor: Actor) -> None:
    (order,) = paid(ann_actor, (product_of(bo.merchant), 1))
    for actor in (other_actor, bo.actor):
        with pytest.raises(Refusal) as no:
            order_again(order.pk, actor=actor, now=NOW)
        assert no.value.code.name == "not_found"
    assert not CartLine.objects.exists()
