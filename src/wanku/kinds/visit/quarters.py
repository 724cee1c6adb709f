"""The counters of people's quarters: opened ahead for every hour that somebody works, one piece each.

Hours that are taken away later leave their counters behind: whether somebody works is a fact that `pick` looks at,
and what is booked stays booked.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from wanku.inventory.open_counters import open_counters
from wanku.kinds.visit.facts import key_of
from wanku.kinds.visit.hours import day_of, worked
from wanku.kinds.visit.load import rosters_of
from wanku.kinds.visit.models import Service, Worker

DAYS_MAX: Final = 60
"""How far ahead a service may be booked."""
SPARE: Final = 2
"""Days behind the last one on offer, for visits that end past midnight and for a sweep that comes late."""


def open_quarters(workers: Iterable[Worker], *, by_id: int | None, now: datetime) -> int:
    """Make the counters that are missing for people of one or several shops; five statements and one per shop.

    Returns:
        how many were made.
    """
    mine = [worker for worker in workers if worker.is_active]
    rosters = rosters_of(mine)
    shops = {worker.merchant_id: worker.merchant for worker in mine}
    ahead = _ahead(shops)
    made = 0
    for merchant_id, merchant in sorted(shops.items()):
        zone = ZoneInfo(merchant.zone)
        today = day_of(now, zone)
        keys = {
            key_of(worker.pk, quarter): 1
            for worker in mine
            if worker.merchant_id == merchant_id
            for day in _days(today, ahead.get(merchant_id, 0) + SPARE)
            for quarter in worked(rosters[worker.pk], day, zone)
        }
        made += open_counters(merchant_id, keys, because="calendar", by_id=by_id, now=now)
    return made


def _ahead(merchants: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for merchant, days in Service.objects.filter(merchant_id__in=list(merchants)).values_list(
        "merchant_id", "days_ahead"
    ):
        found[merchant] = max(found.get(merchant, 0), days)
    return found


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count + 1)]
