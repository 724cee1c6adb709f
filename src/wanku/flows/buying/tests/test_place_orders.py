"""A batch: each checkout is accepted or refused by itself, in order of arrival."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import ADDRESS, NOW, Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.flows.buying.place_order import Checkout, Contact, Placed
from wanku.flows.buying.place_orders import place_orders
from wanku.inventory.gone import CROWD, GONE
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Trade
from wanku.pricing.quote import Wish

pytestmark = pytest.mark.django_db


def checkout(variant: Variant, key: str, quantity: int = 1, **fields: Any) -> Checkout:
    return Checkout(
        actor=fields.pop("actor", Actor(guest_key=uuid.uuid4())),
        key=key,
        wishes=(Wish(variant.pk, quantity),),
        contact=Contact("安", "13800138000"),
        address=ADDRESS,
        agreed_total=fields.pop("total", variant.price * quantity),
    )


def test_first_come_first_served_and_a_bad_one_spoils_nobody(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=3))
    answers = place_orders(
        [
            checkout(variant, "batch-0001", 2),
            checkout(variant, "batch-0002", 2),
            checkout(variant, "bad key!!"),
            checkout(variant, "batch-0004", total=1),
            checkout(variant, "batch-0005", 1),
            checkout(variant, "batch-0006", 1),
        ],
        now=NOW,
    )
    told = [a.code.name if isinstance(a, Refusal) else "placed" for a in answers]
    assert told == ["placed", "stock_short", "bad_request_key", "price_changed", "placed", "sold_out"]
    assert (supply_of(variant).free, supply_of(variant).held, Trade.objects.count()) == (0, 3, 2)


def test_the_same_key_twice_in_one_batch_is_one_trade(bo: Shop, guest_actor: Actor) -> None:
    variant = variant_of(product_of(bo.merchant))
    same = checkout(variant, "batch-same", actor=guest_actor)
    other = checkout(variant, "batch-same", 2, actor=guest_actor)
    first, again, refused = place_orders([same, same, other], now=NOW)
    assert isinstance(first, Placed) and isinstance(again, Placed) and isinstance(refused, Refusal)
    assert (again.trade_id, again.repeated) == (first.trade_id, True)
    assert refused.code.name == "request_key_reused"
    assert Trade.objects.count() == 1 and supply_of(variant).held == 1


def test_a_batch_costs_what_one_costs(bo: Shop, django_assert_num_queries: Any) -> None:
    variant = variant_of(product_of(bo.merchant, stock=100))
    place_orders([checkout(variant, "warm-00000001")], now=NOW)
    for size in (1, 20):
        batch = [checkout(variant, f"batch-{size}-{n:04d}") for n in range(size)]
        with django_assert_num_queries(7):  # four of ours with their setting, and a savepoint
            answers = place_orders(batch, now=NOW)
        assert all(isinstance(a, Placed) for a in answers)


def test_an_empty_batch_is_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert place_orders([], now=NOW) == []


def test_a_crowd_is_told_at_once_what_is_sold_out(bo: Shop, django_assert_num_queries: Any) -> None:
    """One reading for all of them, no row is locked; whoever has an order already hears of it."""
    variant = variant_of(product_of(bo.merchant, stock=1))
    winner = checkout(variant, "crowd-winner")
    [placed] = place_orders([winner], now=NOW)
    place_orders([checkout(variant, f"crowd-{n:04d}") for n in range(CROWD)], now=NOW)
    with django_assert_num_queries(1):
        told = place_orders([checkout(variant, f"later-{n:04d}", 1 + n) for n in range(9)] + [winner], now=NOW)
    assert [a.code.name for a in told[:-1] if isinstance(a, Refusal)] == ["sold_out"] * 9
    assert isinstance(placed, Placed) and told[-1] == replace(placed, repeated=True)
    [mixed] = place_orders([checkout(variant_of(product_of(bo.merchant)), "other-00001")], now=NOW)
    assert isinstance(mixed, Placed), "others are not concerned"
    GONE.forget()
    assert Trade.objects.count() == 2
