"""Dividing an order's money: to the last fen, whatever comes first."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.ledger.rules import Frame, OrderMoney, Taking, release, take_back

SOLD = Frame(amount=10_000, commission=300)


def after(money: OrderMoney, part: Taking) -> OrderMoney:
    """The balances once a refund is booked."""
    return OrderMoney(
        held=money.held - part.held,
        frozen=money.frozen - part.frozen,
        available=money.available - part.available + part.commission_back,
        commission=money.commission - part.commission_back,
        subsidy=money.subsidy - part.to_promotions,
        refunded=money.refunded + part.to_buyer,
    )


def released(frame: Frame, money: OrderMoney) -> OrderMoney:
    """The balances once the order is complete."""
    part = release(frame, money)
    return OrderMoney(
        held=money.held - part.earned,
        frozen=money.frozen - part.from_frozen,
        available=money.available + part.earned - (part.commission - part.from_frozen),
        commission=money.commission + part.commission,
        subsidy=money.subsidy,
        refunded=money.refunded,
    )


def test_a_release_less_its_commission() -> None:
    part = release(SOLD, OrderMoney(held=10_000))
    assert (part.earned, part.commission, part.from_frozen) == (10_000, 300, 0)


def test_commission_is_of_what_was_not_refunded() -> None:
    part = release(SOLD, OrderMoney(held=7_500, refunded=2_500))
    assert (part.earned, part.commission) == (7_500, 225)


def test_what_is_frozen_stays_and_pays_only_what_held_cannot() -> None:
    assert release(SOLD, OrderMoney(held=6_000, frozen=4_000)).from_frozen == 0
    part = release(SOLD, OrderMoney(held=100, frozen=9_900))
    assert (part.earned, part.commission, part.from_frozen) == (100, 300, 200)
    # Nothing but frozen money: there is nothing to release yet.
    assert release(SOLD, OrderMoney(frozen=10_000)) == release(SOLD, OrderMoney())


def test_released_twice_takes_nothing_more() -> None:
    part = release(SOLD, OrderMoney(available=9_700, commission=300))
    assert (part.earned, part.commission) == (0, 0)


def test_a_refund_comes_from_held_then_frozen_then_available() -> None:
    part = take_back(SOLD, OrderMoney(held=2_000, frozen=3_000, available=5_000), 8_000)
    assert (part.held, part.frozen, part.available) == (2_000, 3_000, 3_000)


def test_a_refund_after_release_gives_commission_back() -> None:
    part = take_back(SOLD, OrderMoney(available=9_700, commission=300), 2_500)
    assert (part.available, part.commission_back) == (2_500, 75)
    # Paid out long ago: the merchant owes it all the same.
    assert take_back(SOLD, OrderMoney(commission=300), 10_000).available == 10_000


def test_the_platform_takes_its_discount_back() -> None:
    frame = Frame(8_000, 300, subsidy=2_000)
    part = take_back(frame, OrderMoney(held=10_000, subsidy=2_000), 2_000)
    assert (part.held, part.to_buyer, part.to_promotions) == (2_500, 2_000, 500)


@pytest.mark.parametrize("amount", [0, -1, 7_501])
def test_never_more_than_was_paid(amount: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        take_back(SOLD, OrderMoney(held=7_500, refunded=2_500), amount)


@given(
    amount=st.integers(1, 10**9),
    rate=st.integers(0, 10_000),
    discount=st.integers(0, 10**6),
    cuts=st.lists(st.integers(0, 10**9), max_size=6),
    complete_at=st.integers(0, 6),
    freeze=st.integers(0, 10**9),
)
def test_any_way_back_ends_with_nothing_anywhere(
    amount: int, rate: int, discount: int, cuts: list[int], complete_at: int, freeze: int
) -> None:
    """Refunded to the last fen in any parts, before and after release, with something frozen: nobody keeps a fen."""
    frame = Frame(amount, amount * rate // 10_000, discount)
    frozen = min(freeze, amount + discount)
    money = OrderMoney(held=amount + discount - frozen, frozen=frozen, subsidy=discount)
    edges = sorted({cut % amount for cut in cuts} | {0, amount})
    for index, (low, high) in enumerate(pairwise(edges)):
        if index == complete_at:
            money = released(frame, money)
        part = take_back(frame, money, high - low)
        assert part.held + part.frozen + part.available == part.to_buyer + part.to_promotions
        assert min(part.held, part.frozen, part.available, part.to_promotions, part.commission_back) >= 0
        money = after(money, part)
        assert money.commission <= frame.commission
        assert min(money.held, money.frozen, money.commission, money.subsidy) >= 0
    assert money == OrderMoney(refunded=amount)
