"""What lines took from the supplies."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from wanku.orders.models import Line


def demand_of(lines: Iterable[Line]) -> dict[int, int]:
    """``{supply id: quantity}`` over lines."""
    demand: dict[int, int] = {}
    for line in lines:
        for supply, quantity in line.demand.items():
            demand[int(supply)] = demand.get(int(supply), 0) + quantity
    return demand


def demand_of_pieces(lines: Iterable[Line], pieces: Mapping[UUID, int]) -> dict[int, int]:
    """`demand_of` for so many pieces of each line, by line id."""
    demand: dict[int, int] = {}
    for line in lines:
        for supply, quantity in line.demand.items():
            taken = quantity * pieces.get(line.pk, 0) // line.quantity
            if taken:
                demand[int(supply)] = demand.get(int(supply), 0) + taken
    return demand
