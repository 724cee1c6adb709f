"""The few statistics of the reports; pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` (0 to 1) of all do not exceed; 0 for none."""
    if not values:
        return 0.0
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two in the middle; 0 for none."""
    if not values:
        return 0.0
    ranked, half = sorted(values), len(values) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def ratio(ours: float, beside: float) -> float | None:
    """How many times ``beside`` ours is; none when there is nothing beside."""
    return ours / beside if beside else None


@dataclass(frozen=True, slots=True)
class Round:
    """One measurement of one side.

    Attributes:
        rate: accepted ones per second.
        took: seconds that each accepted one took.
        refused: answers that were no success.
        cpu: share of one core that the load generator used.
    """

    rate: float
    took: Sequence[float]
    accepted: int
    refused: int = 0
    cpu: float = 0.0


def turns(rounds: int) -> list[str]:
    """Whose turn it is: ``ours`` and ``beside`` in alternation, each pair the other way round than the one before.

    What grows steadily over a run (tables, noise) then weighs on both alike.
    """
    order: list[str] = []
    for index in range(rounds):
        order += ["ours", "beside"] if index % 2 == 0 else ["beside", "ours"]
    return order
