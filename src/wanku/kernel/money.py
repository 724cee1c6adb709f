"""Money in integer minor units, and the one place that divides it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# ISO 4217 exponents of the currencies that differ from two digits and that the supported gateways can charge.
EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3}
AMOUNT_MAX = 10**13
"""Ceiling of one amount in minor units; keeps every sum well inside a bigint."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (fen for CNY) of one ISO 4217 currency."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"an amount is a whole number of minor units, not {self.amount!r}")
        if abs(self.amount) > AMOUNT_MAX:
            raise ValueError(f"{self.amount} is beyond the largest amount, {AMOUNT_MAX} minor units")


def exponent(currency: str) -> int:
    """Digits behind the point of a currency (ISO 4217)."""
    return EXPONENTS.get(currency, 2)


def major(money: Money) -> Decimal:
    """The amount in major units (yuan), exact."""
    return Decimal(money.amount).scaleb(-exponent(money.currency))


def from_major(value: Decimal, currency: str) -> Money:
    """Minor units of a major amount that someone typed.

    Raises:
        ValueError: the value has more digits than the currency, or is not finite.
    """
    if not value.is_finite():
        raise ValueError("an amount must be a finite number")
    scaled = value.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has more decimals than {currency} has")
    return Money(int(scaled), currency)


def portion(amount: int, numerator: int, denominator: int) -> int:
    """``amount * numerator / denominator`` rounded half to even: the only rounding in Wanku.

    The denominator is positive.
    """
    whole, rest = divmod(amount * numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` by largest remainder; the parts sum to the total exactly.

    Ties go to the earlier weight, so that the same input always gives the same split. When all weights are
    zero the split is even.

    Raises:
        ValueError: no weights, or a negative one.
    """
    if not weights:
        raise ValueError("nothing to share among")
    if min(weights) < 0:
        raise ValueError("weights are never negative")
    if sum(weights) == 0:
        weights = [1] * len(weights)
    whole = sum(weights)
    sign = -1 if total < 0 else 1
    parts = [divmod(abs(total) * w, whole) for w in weights]
    shares = [quotient for quotient, _ in parts]
    left = abs(total) - sum(shares)
    for index in sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))[:left]:
        shares[index] += 1
    return [sign * s for s in shares]
