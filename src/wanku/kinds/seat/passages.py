"""Who has seats on which departure, kept along with the orders; inside the transactions of those who order and pay."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import QuerySet, Sum

from wanku.audit.move import By, move
from wanku.inventory.models import Supply
from wanku.inventory.restock import restock_many
from wanku.kernel.states import SYSTEM
from wanku.kinds.kind import Booked
from wanku.kinds.seat.models import Departure, Passage
from wanku.kinds.seat.states import CANCELLED, OPEN


def hold(lines: Sequence[Booked], *, now: datetime) -> None:
    """Seats were ordered, again perhaps after the order had run out of time."""
    Passage.objects.bulk_create(
        [_row(line, Passage.HELD, now) for line in lines],
        update_conflicts=True,
        unique_fields=["line_id"],
        update_fields=["departure", "variant_id", "seats", "standing", "changed_at"],
    )


def keep(lines: Sequence[Booked], *, now: datetime) -> None:
    """Seats were paid. The group that was still too small may be complete with them: then it goes, from now on."""
    _stand(lines, Passage.PAID, now)
    waiting = Departure.objects.filter(pk__in=departures_of(lines), state=OPEN)
    complete = [row.pk for row in waiting if sold_on(row.pk) >= row.minimum]
    # Whoever holds one of them is deciding about it too; waiting for each other could go round in a circle.
    locked = Departure.objects.filter(pk__in=complete).select_for_update(no_key=True, skip_locked=True)
    for row in locked.order_by("pk"):
        if row.state == OPEN:
            confirm(row, by=By(SYSTEM), now=now)


def confirm(row: Departure, *, by: By, now: datetime) -> None:
    """Promise that it goes. The caller holds its lock."""
    move(row, "confirm", by=by, now=now, facts={"seats": sold_on(row.pk), "minimum": row.minimum})


def free(lines: Sequence[Booked], *, now: datetime) -> None:
    """Nothing is owed any more. Seats of a departure that does not go are not put on sale again."""
    _stand(lines, Passage.FREED, now)
    gone = Departure.objects.filter(pk__in=departures_of(lines), state=CANCELLED).values_list("pk", flat=True)
    for departure_id in sorted(gone):
        empty(departure_id, because="departure_cancelled", by_id=None, now=now)


def change(line: Booked, *, now: datetime) -> None:
    """Paid seats are on another departure. Those that they leave are on sale again, unless it does not go."""
    left = Passage.objects.filter(pk=line.line_id, departure__state=CANCELLED).values_list("departure_id", flat=True)
    gone = list(left)
    hold([line], now=now)
    keep([line], now=now)
    for departure_id in gone:
        empty(departure_id, because="departure_cancelled", by_id=None, now=now)


def empty(departure_id: int, *, because: str, by_id: int | None, now: datetime) -> None:
    """Take every free seat off sale. Locks the departure's counters."""
    rows = lock_counters(departure_id)
    restock_many({row.key: -row.free for row in rows if row.free}, because=because, by_id=by_id, now=now)


def lock_counters(departure_id: int) -> list[Supply]:
    """The counters of all its cabins, locked; whoever changes a departure takes them before its own row."""
    return list(counters(departure_id).select_for_update(no_key=True).order_by("pk"))


def counters(departure_id: int) -> QuerySet[Supply]:
    """The counters of all its cabins."""
    return Supply.objects.filter(key__startswith=f"seat:{departure_id}:")


def sold_on(departure_id: int) -> int:
    """Paid seats of a departure, all cabins together, less what was paid back."""
    found = counters(departure_id).aggregate(n=Sum("sold"))
    return found["n"] or 0


def departures_of(lines: Collection[Booked]) -> set[int]:
    """Ids of the departures that these lines are about."""
    return {int(line.choice["departure"]) for line in lines}


def _stand(lines: Sequence[Booked], standing: str, now: datetime) -> None:
    Passage.objects.filter(pk__in=[line.line_id for line in lines]).update(standing=standing, changed_at=now)


def _row(line: Booked, standing: str, now: datetime) -> Passage:
    return Passage(
        line_id=line.line_id,
        order_id=line.order_id,
        departure_id=int(line.choice["departure"]),
        variant_id=line.variant_id,
        seats=line.quantity,
        standing=standing,
        changed_at=now,
    )
