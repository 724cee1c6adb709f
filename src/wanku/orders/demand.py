"""What lines took from the supplies."""

from collections.abc import Iterable

from wanku.orders.models import Line


def demand_of(lines: Iterable[Line]) -> dict[int, int]:
    """``{supply id: quantity}`` over lines."""
    demand: dict[int, int] = {}
    for line in lines:
        for supply, quantity in line.demand.items():
            demand[int(supply)] = demand.get(int(supply), 0) + quantity
    return demand
