"""Made-up people and services, without a database."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wanku.kinds.visit.facts import Facts, Person, Reach
from wanku.kinds.visit.hours import Roster

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_SIX = Roster(dict.fromkeys(range(7), ((540, 1080),)), dict.fromkeys(range(7), ((720, 780),)))
NOW = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)
"""A Wednesday, ten in the morning in Shanghai."""


def person(number: int, roster: Roster = NINE_TO_SIX, before: int = 0, after: int = 0) -> Person:
    """Somebody with a number for a name."""
    return Person(number, f"P{number}", "", roster, before, after)


def facts(*people: Person, **changed: Any) -> Facts:
    """A service of an hour at the customer's."""
    told: dict[str, Any] = {
        "zone": SHANGHAI,
        "quarters": 4,
        "longer": {7: 2},
        "place": "home",
        "shop_address": "",
        "step": 2,
        "lead_minutes": 60,
        "days_ahead": 14,
        "cancellation": ({"hours": 2, "bp": 0},),
        "people": people or (person(1), person(2)),
        "reach": (Reach("杭州", "", 2000), Reach("杭州市", "西湖区", 0)),
    }
    return Facts(**{**told, **changed})


def at(zone: ZoneInfo, day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    """A time on the clock of a zone."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone, fold=fold)
