"""What the kinds make of wishes, as pure values for `quote`, and which way of a pick is taken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wanku.kernel.refusal import Refusal
from wanku.kinds.pick import Fee, Pick, Way

FeeOf = Callable[[str, Sequence[Any]], Fee]
"""Kind and lines (`wanku.pricing.quote.PricedLine`) of one order to the fee; raises `Refusal` where not served."""


def _no_fee(kind: str, lines: Sequence[Any]) -> Fee:
    return Fee(0)


@dataclass(frozen=True, slots=True)
class Picks:
    """What kinds say of the wishes of one checkout.

    Attributes:
        made: by index of the wish; goods are not in it.
        free: pieces by key of a supply, as last read; a key that is missing has none.
        fee_of: what bringing or coming costs.
    """

    made: Mapping[int, Pick | Refusal] = field(default_factory=dict)
    free: Mapping[str, int] = field(default_factory=dict)
    fee_of: FeeOf = _no_fee


NONE = Picks()


def keys_of(picks: Mapping[int, Pick | Refusal]) -> set[str]:
    """Every supply that one of the ways may take, or that decides what is said instead."""
    found = [pick for pick in picks.values() if isinstance(pick, Pick)]
    taken = {key for pick in found for way in pick.ways for key in way.demand}
    return taken | {key for pick in found for other in pick.otherwise for key in other.demand}


def first_way(pick: Pick, left: Callable[[str], int]) -> Way | None:
    """The first way that is to be had.

    Args:
        left: pieces of a supply that nobody else takes.
    """
    return next((way for way in pick.ways if _fits(way.demand, left)), None)


def said_instead(pick: Pick, few: int, left: Callable[[str], int]) -> Refusal | None:
    """What the kind says when no way is to be had, if it has words for it.

    Args:
        few: units of the line that could be had.
    """
    fitting = (each for each in pick.otherwise if (_fits(each.demand, left) if each.demand else few == 0))
    return next((each.refusal for each in fitting), None)


def _fits(demand: Mapping[str, int], left: Callable[[str], int]) -> bool:
    return all(left(key) >= pieces for key, pieces in demand.items())


def most_left(pick: Pick, quantity: int, left: Callable[[str], int]) -> int:
    """How many units of the line could be had, where not all can: the best of its ways."""
    best = 0
    for way in pick.ways:
        per_unit = ((key, -(-pieces // max(1, quantity))) for key, pieces in way.demand.items())
        best = max(best, min((max(0, left(key)) // pieces for key, pieces in per_unit if pieces), default=quantity))
    return min(best, quantity - 1)


def units_free(pick: Pick, quantity: int, left: Callable[[str], int]) -> int:
    """How many units of the line can be had: the quantity that was asked for, or fewer."""
    return quantity if first_way(pick, left) else most_left(pick, quantity, left)
