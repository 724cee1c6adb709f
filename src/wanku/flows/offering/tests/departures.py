"""What departures look like after an act: readings for tests."""

from typing import NamedTuple

from wanku.audit.models import Act, Move
from wanku.inventory.models import StockLog
from wanku.kinds.seat.models import Cabin, Departure
from wanku.kinds.seat.passages import counters
from wanku.payments.models import Refund


class Picture(NamedTuple):
    """All that an act may change; two of them are equal when nothing happened."""

    departures: tuple[tuple[int, str], ...]
    cabins: tuple[tuple[int, int | None], ...]
    counters: tuple[tuple[str, int, int, int], ...]
    rows: tuple[int, ...]


def picture() -> Picture:
    """Everything as it is now."""
    departures = Departure.objects.order_by("pk")
    counted = [c for row in departures for c in counters(row.pk).order_by("key")]
    return Picture(
        tuple(departures.values_list("pk", "state")),
        tuple(Cabin.objects.order_by("pk").values_list("pk", "price")),
        tuple((c.key, c.free, c.held, c.sold) for c in counted),
        tuple(model.objects.count() for model in (Move, Act, StockLog, Refund)),
    )
