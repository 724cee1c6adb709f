"""What a service is, read once and priced from: pure values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from wanku.kinds.visit.hours import QUARTER, Roster

HOME: Final = "home"
SHOP: Final = "shop"
EITHER: Final = "either"
# Written and spoken names differ by these: 杭州 and 杭州市.
ENDINGS: Final = ("市", "区", "區", "县", "縣")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does a service; the way in quarters of an hour."""

    id: int
    name: str
    title: str
    roster: Roster
    travel_before: int = 0
    travel_after: int = 0

    def way(self, where: str) -> tuple[int, int]:
        """Quarters on the road before and after."""
        return (self.travel_before, self.travel_after) if where == HOME else (0, 0)


@dataclass(frozen=True, slots=True)
class Reach:
    """A city or one of its districts, and what the way there costs; minor units."""

    city: str
    district: str
    fee: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one variant.

    Attributes:
        quarters: how long it takes.
        longer: quarters more by add-on.
        people: those who do it, in the shop's order.
        reach: where the shop comes to; everywhere when empty.
    """

    zone: ZoneInfo
    quarters: int
    longer: Mapping[int, int]
    place: str
    shop_address: str
    step: int
    lead_minutes: int
    days_ahead: int
    cancellation: Sequence[Mapping[str, Any]]
    people: tuple[Person, ...]
    reach: tuple[Reach, ...]

    def length(self, add_ons: Sequence[int] | frozenset[int] = ()) -> int:
        """Quarters with these add-ons."""
        return self.quarters + sum(self.longer.get(add_on, 0) for add_on in add_ons)

    def reached(self, address: Mapping[str, str]) -> Reach | None:
        """The nearest description of an address that the shop comes to."""
        cities = {plain_name(address.get("city", "")), plain_name(address.get("province", ""))} - {""}
        district = plain_name(address.get("district", ""))
        there = [reach for reach in self.reach if plain_name(reach.city) in cities]
        exact = [reach for reach in there if reach.district and plain_name(reach.district) == district]
        return next(iter(exact or [reach for reach in there if not reach.district]), None)


def plain_name(name: str) -> str:
    """A place's name without its ending."""
    name = name.strip().casefold()
    return name[:-1] if len(name) > 2 and name.endswith(ENDINGS) else name


def key_of(worker_id: int, quarter: int) -> str:
    """Key of the counter of somebody's quarter."""
    return f"hour:{worker_id}:{datetime.fromtimestamp(quarter * QUARTER, tz=UTC):%Y%m%dT%H%MZ}"
