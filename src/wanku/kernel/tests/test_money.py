"""Money is whole and never lost."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.kernel.money import AMOUNT_MAX, Money, from_major, major, portion, share


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_shares_sum_to_the_total_and_are_fair(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert sum(parts) == total
    whole = sum(weights) or len(weights)
    for part, weight in zip(parts, weights if sum(weights) else [1] * len(weights), strict=True):
        assert abs(part * whole - total * weight) < whole


def test_ties_go_to_the_earlier() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(-100, [1, 1, 1]) == [-34, -33, -33]


def test_shares_refuse_nonsense() -> None:
    with pytest.raises(ValueError, match="among"):
        share(1, [])
    with pytest.raises(ValueError, match="negative"):
        share(1, [1, -1])


def test_major_and_minor() -> None:
    assert major(Money(1234, "CNY")) == Decimal("12.34")
    assert major(Money(1234, "JPY")) == Decimal(1234)
    assert from_major(Decimal("12.34"), "CNY") == Money(1234, "CNY")
    for bad in ("12.345", "NaN", "Infinity"):
        with pytest.raises(ValueError, match=r"."):
            from_major(Decimal(bad), "CNY")


def test_only_whole_and_bounded_amounts() -> None:
    for bad in (1.5, True, "1"):
        with pytest.raises(TypeError):
            Money(bad, "CNY")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="beyond"):
        Money(AMOUNT_MAX + 1, "CNY")


def test_portions_round_half_to_even() -> None:
    assert [portion(x, 500, 10_000) for x in (10, 30, 50, 9900)] == [0, 2, 2, 495]


@given(st.integers(-AMOUNT_MAX, AMOUNT_MAX), st.integers(0, 10_000), st.integers(1, 10_000))
def test_portions_are_what_decimals_say(amount: int, numerator: int, denominator: int) -> None:
    with localcontext(prec=60):
        exact = (Decimal(amount) * numerator / denominator).quantize(Decimal(1), ROUND_HALF_EVEN)
    assert portion(amount, numerator, denominator) == int(exact)
