"""What is known of a dish and its kitchen when a wish is priced: values without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from wanku.kinds.meal.hours import Calendar

DELIVERY: Final = "delivery"
PICKUP: Final = "pickup"
TABLE: Final = "table"
WAYS: Final = (DELIVERY, PICKUP, TABLE)


@dataclass(frozen=True, slots=True)
class ZoneFact:
    """An area that is delivered to; minor units and minutes."""

    name: str
    province: str
    city: str
    districts: tuple[str, ...]
    fee: int
    minimum: int
    minutes: int


@dataclass(frozen=True, slots=True)
class KitchenFact:
    """A kitchen with its hours, zones and tables; tables are names by token."""

    merchant_id: int
    calendar: Calendar
    capacity: int
    prepare_minutes: int
    ahead_days: int
    ways: frozenset[str]
    paused_until: datetime | None = None
    zones: tuple[ZoneFact, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DishFact:
    """A dish as far as its portions go; ``portions`` of a day, or none without a limit."""

    product_id: int
    title: str
    portions: int | None = None
    off_on: date | None = None


@dataclass(frozen=True, slots=True)
class OptionFact:
    """One thing to choose; ``price`` per portion in minor units, ``of`` the dish that it is in a combo."""

    id: int
    name: str
    price: int = 0
    of: DishFact | None = None


@dataclass(frozen=True, slots=True)
class GroupFact:
    """What is to be chosen: from ``least`` to ``most`` of the options."""

    id: int
    name: str
    least: int
    most: int
    options: tuple[OptionFact, ...]


@dataclass(frozen=True, slots=True)
class MealFacts:
    """All that `pick` needs for one variant. The label is that of the variant, where a dish has sizes."""

    kitchen: KitchenFact
    dish: DishFact
    groups: tuple[GroupFact, ...] = ()


def kitchen_key(merchant_id: int, at: datetime) -> str:
    """Counter of the dishes that a kitchen can have ready in a quarter of an hour."""
    return f"kitchen:{merchant_id}:{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def portion_key(product_id: int, day: date) -> str:
    """Counter of the portions of a dish on a day of service."""
    return f"portion:{product_id}:{day.isoformat()}"
