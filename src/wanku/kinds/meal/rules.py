"""What a kitchen, its hours, zones and dishes may be: pure checks that name every field that is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kinds.meal.hours import Hours, Special

CAPACITY_MAX, PREPARE_MAX, AHEAD_MAX = 999, 240, 14
HOURS_MAX, SPECIAL_MAX, ZONES_MAX, TABLES_MAX, SECTIONS_MAX = 3, 60, 30, 200, 40
NAME_MAX, TABLE_NAME_MAX, NOTE_MAX = 40, 20, 60
FEE_MAX, MINUTES_MAX = 1_000_000, 600
SIZES_MAX, GROUPS_MAX, OPTIONS_MAX, PORTIONS_MAX = 8, 12, 20, 100_000
TAG_NAMES: Final = ("new", "loved", "hot", "vegetarian")
SIZE_WORD: Final = "规格"
NO_MENU: Final = Code("no_menu", gettext_noop("Set up the kitchen first."), 409)


@dataclass(frozen=True, slots=True)
class KitchenData:
    """A kitchen as a form has it; fields as in `wanku.kinds.meal.models.Kitchen`."""

    capacity: int
    prepare_minutes: int
    ahead_days: int
    delivers: bool
    hands_out: bool
    serves: bool


@dataclass(frozen=True, slots=True)
class ZoneData:
    """A delivery zone; minor units and minutes."""

    name: str
    province: str
    city: str
    districts: tuple[str, ...] = ()
    fee: int = 0
    minimum: int = 0
    minutes: int = 30


@dataclass(frozen=True, slots=True)
class OptionData:
    """One thing to choose; ``of`` is the product that it is in a combo."""

    name: str
    price: int = 0
    of: int | None = None


@dataclass(frozen=True, slots=True)
class GroupData:
    """What is to be chosen with a dish."""

    name: str
    least: int
    most: int
    options: tuple[OptionData, ...]


@dataclass(frozen=True, slots=True)
class DishData:
    """A dish as a form has it.

    Attributes:
        sizes: names and prices in minor units; a single one may be without a name.
        size_word: what the sizes are called on the page.
        portions: of a day, or none without a limit.
    """

    title: str
    category_id: int
    sizes: tuple[tuple[str, int], ...]
    subtitle: str = ""
    description: str = ""
    size_word: str = SIZE_WORD
    section_id: int | None = None
    portions: int | None = None
    tags: tuple[str, ...] = ()
    groups: tuple[GroupData, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionData:
    """A part of the menu with its dishes in order; an existing one by its id."""

    name: str
    id: int | None = None
    dishes: tuple[int, ...] = ()


def check_kitchen(data: KitchenData) -> Iterator[Refusal]:
    """What is wrong with the settings of a kitchen."""
    yield from _between(data.capacity, 1, CAPACITY_MAX, "capacity", gettext_noop("From 1 to 999 dishes."))
    yield from _between(data.prepare_minutes, 0, PREPARE_MAX, "prepare_minutes", gettext_noop("From 0 to 240 minutes."))
    yield from _between(data.ahead_days, 0, AHEAD_MAX, "ahead_days", gettext_noop("From 0 to 14 days."))
    if not (data.delivers or data.hands_out or data.serves):
        yield _wrong("delivers", gettext_noop("Choose at least one way in which the food comes to people."))


def check_hours(week: Mapping[int, Sequence[Hours]], special: Sequence[Special]) -> Iterator[Refusal]:
    """What is wrong with opening hours."""
    for day, hours in week.items():
        if day not in range(7) or len(hours) > HOURS_MAX:
            yield _wrong(f"week.{day}", gettext_noop("At most three openings a day."))
    if len(special) > SPECIAL_MAX:
        yield _wrong("special", gettext_noop("At most sixty special days."))
    for place, days in enumerate(special):
        if days.last < days.first or (days.last - days.first).days > 366:
            yield _wrong(f"special.{place}.last", gettext_noop("The last day comes after the first, within a year."))
        if len(days.note) > NOTE_MAX:
            yield _wrong(f"special.{place}.note", gettext_noop("At most 60 characters."))


def check_zones(zones: Sequence[ZoneData], provinces: frozenset[str]) -> Iterator[Refusal]:
    """What is wrong with delivery zones."""
    if len(zones) > ZONES_MAX:
        yield _wrong("zones", gettext_noop("At most thirty zones."))
    for place, zone in enumerate(zones):
        field = f"zones.{place}"
        yield from _name(zone.name, f"{field}.name", NAME_MAX)
        yield from _name(zone.city, f"{field}.city", NAME_MAX)
        if zone.province not in provinces:
            yield _wrong(f"{field}.province", gettext_noop("Choose one of the provinces."))
        if len(zone.districts) > 40 or any(len(name) > NAME_MAX for name in zone.districts):
            yield _wrong(f"{field}.districts", gettext_noop("At most forty districts of up to 40 characters."))
        for name, amount in (("fee", zone.fee), ("minimum", zone.minimum)):
            yield from _between(amount, 0, FEE_MAX, f"{field}.{name}", gettext_noop("From 0 to 10,000 yuan."))
        yield from _between(zone.minutes, 0, MINUTES_MAX, f"{field}.minutes", gettext_noop("From 0 to 600 minutes."))


def check_tables(names: Sequence[str]) -> Iterator[Refusal]:
    """What is wrong with the names of tables."""
    if len(names) > TABLES_MAX:
        yield _wrong("tables", gettext_noop("At most two hundred tables."))
    for name in names:
        yield from _name(name, "tables", TABLE_NAME_MAX)
    if len(set(names)) < len(names):
        yield _wrong("tables", gettext_noop("Two tables have the same name."))


def check_sections(sections: Sequence[SectionData]) -> Iterator[Refusal]:
    """What is wrong with the parts of a menu."""
    if len(sections) > SECTIONS_MAX:
        yield _wrong("sections", gettext_noop("At most forty sections."))
    names = [section.name for section in sections]
    for place, name in enumerate(names):
        yield from _name(name, f"sections.{place}.name", NAME_MAX)
        if names.index(name) != place:
            yield _wrong(f"sections.{place}.name", gettext_noop("Two sections have the same name."))


def check_dish(data: DishData) -> Iterator[Refusal]:
    """What is wrong with a dish besides what `wanku.catalog` checks."""
    if not 1 <= len(data.sizes) <= SIZES_MAX:
        yield _wrong("sizes", gettext_noop("A dish has 1 to 8 sizes."))
    names = [name for name, _price in data.sizes]
    if len(names) > 1 and (len(set(names)) < len(names) or not all(names)):
        yield _wrong("sizes", gettext_noop("Each size needs its own name."))
    if data.portions is not None:
        yield from _between(data.portions, 0, PORTIONS_MAX, "portions", gettext_noop("From 0 to 100,000 portions."))
    if any(tag not in TAG_NAMES for tag in data.tags):
        yield _wrong("tags", gettext_noop("Choose from what is offered."))
    if len(data.groups) > GROUPS_MAX:
        yield _wrong("groups", gettext_noop("At most twelve groups of options."))
    for place, group in enumerate(data.groups):
        yield from _check_group(group, f"groups.{place}")


def _check_group(group: GroupData, field: str) -> Iterator[Refusal]:
    yield from _name(group.name, f"{field}.name", NAME_MAX)
    if not 1 <= len(group.options) <= OPTIONS_MAX:
        yield _wrong(f"{field}.options", gettext_noop("A group has 1 to 20 options."))
    if not 0 <= group.least <= group.most or not 1 <= group.most <= len(group.options):
        yield _wrong(f"{field}.most", gettext_noop("Choose from how many to how many of the options."))
    names = [option.name for option in group.options]
    for place, option in enumerate(group.options):
        yield from _name(option.name, f"{field}.options.{place}.name", NAME_MAX)
        if names.index(option.name) != place:
            yield _wrong(f"{field}.options.{place}.name", gettext_noop("Two options have the same name."))
        at = f"{field}.options.{place}.price"
        yield from _between(option.price, 0, FEE_MAX, at, gettext_noop("From 0 to 10,000 yuan."))


def _name(text: str, field: str, most: int) -> Iterator[Refusal]:
    if not 1 <= len(text) <= most:
        yield Refusal(BAD_VALUE, field=field, problem=gettext_noop("Give it a short name."))


def _between(value: int, low: int, high: int, field: str, problem: str) -> Iterator[Refusal]:
    if not low <= value <= high:
        yield _wrong(field, problem)


def _wrong(field: str, problem: str) -> Refusal:
    return Refusal(BAD_VALUE, field=field, problem=problem)
