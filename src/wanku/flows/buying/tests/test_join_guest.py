"""A guest signs in: cart and orders of this browser become the member's."""

import uuid
from typing import Any

import pytest

from tests.cast import NOW, Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.carts.models import Cart
from wanku.carts.queries import read_cart
from wanku.flows.buying.fill_cart import fill_cart
from wanku.flows.buying.join_guest import join_guest
from wanku.orders.models import Trade


def trade_of(number: str, **fields: Any) -> Trade:
    return Trade.objects.create(
        number=number,
        contact_name="安",
        contact_phone="+8613800138000",
        currency="CNY",
        amount=100,
        state="placed",
        due_at=NOW,
        request_scope="test",
        request_key=number,
        request_hash=b"",
        placed_at=NOW,
        **fields,
    )


def test_carts_come_together(bo: Shop, ann_actor: Actor, guest_actor: Actor) -> None:
    both, mine, guests = (variant_of(product_of(bo.merchant, t)) for t in ("两处", "我的", "游客"))
    fill_cart(both.pk, 1, (), actor=ann_actor, now=NOW)
    fill_cart(mine.pk, 2, (), actor=ann_actor, now=NOW)
    fill_cart(both.pk, 3, (), actor=guest_actor, now=NOW)
    fill_cart(guests.pk, 4, (), actor=guest_actor, now=NOW)
    assert guest_actor.guest_key is not None
    joined = join_guest(guest_actor.guest_key, actor=ann_actor, now=NOW)
    assert (joined.trades, joined.lines_left_out) == (0, 0)
    assert {i.offer.title: i.quantity for i in read_cart(ann_actor, now=NOW).items} == {"两处": 3, "我的": 2, "游客": 4}
    assert Cart.objects.count() == 1


def test_what_does_not_fit_is_counted(
    bo: Shop, ann_actor: Actor, guest_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wanku.carts.merge.CART_LINES_MAX", 1)
    fill_cart(variant_of(product_of(bo.merchant)).pk, 1, (), actor=ann_actor, now=NOW)
    fill_cart(variant_of(product_of(bo.merchant)).pk, 1, (), actor=guest_actor, now=NOW)
    assert guest_actor.guest_key is not None
    assert join_guest(guest_actor.guest_key, actor=ann_actor, now=NOW).lines_left_out == 1
    assert len(read_cart(ann_actor, now=NOW).items) == 1


def test_only_this_browsers_orders_are_handed_over(ann_actor: Actor, guest_actor: Actor, other_actor: Actor) -> None:
    own = trade_of("1", guest_key=guest_actor.guest_key)
    strangers = trade_of("2", guest_key=uuid.uuid4())
    members = trade_of("3", guest_key=guest_actor.guest_key, buyer_id=other_actor.person_id)
    assert guest_actor.guest_key is not None
    assert join_guest(guest_actor.guest_key, actor=ann_actor, now=NOW).trades == 1
    for trade in (own, strangers, members):
        trade.refresh_from_db()
    assert own.buyer_id == ann_actor.person_id
    assert strangers.buyer_id is None
    assert members.buyer_id == other_actor.person_id
    move = Move.objects.get(subject_type="trade", event="claim")
    assert (move.trade_id, move.actor_id, move.because) == (own.pk, ann_actor.person_id, "signed_in")
    assert join_guest(guest_actor.guest_key, actor=ann_actor, now=NOW).trades == 0


def test_a_guest_cannot_join(guest_actor: Actor) -> None:
    with pytest.raises(ValueError, match="member"):
        join_guest(uuid.uuid4(), actor=guest_actor, now=NOW)
