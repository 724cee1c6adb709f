"""What cancelling costs, by how long before the start: the table that is frozen with an order.

``[{"hours": 48, "bp": 0}, {"hours": 0, "bp": 5000}]`` reads: at least 48 h before the start nothing, at least 0 h
before it half (basis points of what was paid), later all of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from wanku.kernel.money import portion

WHOLE: Final = 10_000
FREE: Final[Sequence[Mapping[str, int]]] = ({"hours": 0, "bp": 0},)
"""Free until it starts."""


def fee_bp(table: Sequence[Mapping[str, Any]], starts_at: datetime | None, now: datetime) -> int:
    """The fee in basis points of what was paid. Without a start or a table nothing is taken."""
    if starts_at is None or not table:
        return 0
    notice = (starts_at - now).total_seconds() / 3600
    kept = [row for row in table if notice >= row["hours"]]
    return min((int(row["bp"]) for row in kept), default=WHOLE)


def fee(amount: int, table: Sequence[Mapping[str, Any]], starts_at: datetime | None, now: datetime) -> int:
    """The fee for cancelling what cost ``amount``; minor units."""
    return portion(amount, fee_bp(table, starts_at, now), WHOLE)
