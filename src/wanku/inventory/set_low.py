"""When the desk is told that stock runs low."""

from collections.abc import Mapping
from datetime import datetime

from wanku.inventory.models import Supply
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop

LOW_MAX = 100_000


def set_low(levels: Mapping[str, int], *, now: datetime) -> None:
    """Set the threshold of counters, in pieces, by key. Inside the caller's transaction; locks them in id order.

    Raises:
        Refusal: ``bad_value`` outside 0 to 100,000, ``not_found`` for a counter that is not there.
    """
    for level in levels.values():
        if not 0 <= level <= LOW_MAX:
            raise Refusal(BAD_VALUE, field="low_stock_at", problem=gettext_noop("From 0 to 100,000 pieces."))
    rows = list(Supply.objects.select_for_update(no_key=True).filter(key__in=list(levels)).order_by("pk"))
    if len(rows) < len(levels):
        raise Refusal(NOT_FOUND)
    for row in rows:
        row.low_at = levels[row.key]
        row.low_since = (row.low_since or now) if row.free <= row.low_at else None
    Supply.objects.bulk_update(rows, ["low_at", "low_since"])
