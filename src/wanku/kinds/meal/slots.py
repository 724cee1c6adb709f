"""Which quarter of an hour a wish means, pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.choice import NOW
from wanku.kinds.meal.facts import KitchenFact
from wanku.kinds.meal.hours import QUARTER
from wanku.kinds.meal.refusals import CLOSED, CLOSED_LONG, TOO_FAR, TOO_SOON

GRACE: Final = QUARTER
"""How long a time that was offered may still be ordered although it has come nearer meanwhile."""
SOON: Final = 4 * QUARTER
"""A kitchen counts as open to whoever orders now if it begins with it within this time."""
FIELD: Final = "choice.at"


def earliest(kitchen: KitchenFact, now: datetime) -> datetime:
    """The first moment that a dish ordered now can be ready."""
    ready = now + timedelta(minutes=kitchen.prepare_minutes)
    if kitchen.paused_until is not None and kitchen.paused_until > now:
        ready = max(ready, kitchen.paused_until)
    return ready


def offered(kitchen: KitchenFact, now: datetime) -> Iterator[tuple[datetime, date]]:
    """The quarters that can be asked for now, each with its day of service; counters decide which are free."""
    start = earliest(kitchen, now)
    today = kitchen.calendar.service_now(now)
    for at, day in kitchen.calendar.quarters(start, kitchen.ahead_days + 2):
        if (day - today).days > kitchen.ahead_days:
            return
        yield at, day


def day_sold(kitchen: KitchenFact, now: datetime) -> date:
    """The day of service of what is ordered now: around the clock, shortly before midnight, that is the next day.

    While nothing can be had soon it is the day that is being served, or the one on the calendar. A pause changes none.
    """
    ready = now + timedelta(minutes=kitchen.prepare_minutes)
    first = next(kitchen.calendar.quarters(ready, 2), None)
    return first[1] if first is not None and first[0] <= ready + SOON else kitchen.calendar.service_now(now)


def slot_of(kitchen: KitchenFact, at: str, now: datetime) -> tuple[datetime, date]:
    """The quarter that is meant, and its day of service. ``now`` means the earliest that the hours allow.

    Raises:
        Refusal: ``kitchen_closed``, ``slot_too_soon``, ``slot_too_far``; field ``choice.at``.
    """
    if at == NOW:
        first = next(offered(kitchen, now), None)
        if first is None:
            raise Refusal(CLOSED_LONG, field=FIELD)
        if first[0] > earliest(kitchen, now) + SOON:
            raise Refusal(CLOSED, field=FIELD, at=first[0])
        return first
    wished = datetime.fromisoformat(at).astimezone(UTC)
    day = kitchen.calendar.service_at(wished)
    if day is None or (kitchen.paused_until is not None and wished < kitchen.paused_until):
        raise _closed(kitchen, max(wished, now), now)
    if (day - kitchen.calendar.service_now(now)).days > kitchen.ahead_days:
        raise Refusal(TOO_FAR, field=FIELD, days=kitchen.ahead_days)
    if wished + GRACE < earliest(kitchen, now) or wished < now:
        first = next(offered(kitchen, now), None)
        raise Refusal(TOO_SOON, field=FIELD, at=first[0]) if first else Refusal(CLOSED_LONG, field=FIELD)
    return wished, day


def _closed(kitchen: KitchenFact, wished: datetime, now: datetime) -> Refusal:
    after = next((at for at, _day in offered(kitchen, now) if at >= wished), None)
    return Refusal(CLOSED, field=FIELD, at=after) if after else Refusal(CLOSED_LONG, field=FIELD)
