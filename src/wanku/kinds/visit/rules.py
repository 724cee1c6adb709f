"""What a shop may say of its services, people and calendars."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.kinds.visit.facts import HOME, plain_name
from wanku.kinds.visit.hours import DAY_MINUTES, Window
from wanku.kinds.visit.models import Place
from wanku.kinds.visit.quarters import DAYS_MAX

STEPS: Final = (1, 2, 4)
QUARTERS_MAX: Final = 48
LONGER_MAX: Final = 16
TRAVEL_MAX: Final = 12
LEAD_MAX: Final = 14 * DAY_MINUTES
WINDOWS_MAX: Final = 6
CLOSES_MAX: Final = 36 * 60
AREAS_MAX: Final = 400
FEE_MAX: Final = 10_000_000
ABSENCE_DAYS_MAX: Final = 400
NOTICE_ROWS_MAX: Final = 5

QUARTER_HOURS = gettext_noop("Use full quarters of an hour, such as 09:15.")
NO_WINDOW = gettext_noop("The end must lie behind the beginning, and before noon of the next day at the latest.")
OVERLAP = gettext_noop("Two times of this day overlap.")
TOO_MANY = gettext_noop("These are too many.")
PERSON_BOOKED = Code(
    "visit_person_booked", gettext_noop("This person still has %(count)s visits to come. Move or cancel them first.")
)


@dataclass(frozen=True, slots=True)
class ServiceData:
    """A service as somebody wants it; fields as in `wanku.kinds.visit.models.Service`.

    Attributes:
        quarters: by variant id.
        longer: by add-on id.
    """

    place: str
    quarters: Mapping[int, int]
    longer: Mapping[int, int] = field(default_factory=dict)
    shop_address: str = ""
    step: int = 2
    lead_minutes: int = 180
    days_ahead: int = 28
    cancellation: Sequence[Mapping[str, int]] = ({"hours": 2, "bp": 0}, {"hours": 0, "bp": 3000})


@dataclass(frozen=True, slots=True)
class WorkerData:
    """Somebody as the shop wants them; windows by day of the week, 0 is Monday."""

    name: str
    week: Mapping[int, Sequence[Window]]
    breaks: Mapping[int, Sequence[Window]] = field(default_factory=dict)
    skills: frozenset[int] = frozenset()
    title: str = ""
    about: str = ""
    picture_id: UUID | None = None
    seat_id: int | None = None
    travel_before: int = 2
    travel_after: int = 0
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class AreaData:
    """A city or district that a shop comes to; minor units."""

    city: str
    district: str
    fee: int


def service_problems(data: ServiceData) -> list[Refusal]:
    """Everything that is wrong with a service, by field."""
    found = _Found()
    found.unless(data.place in Place.values, "place", gettext_noop("Choose where it is done."))
    address = clean(data.shop_address)
    needs = data.place in Place.values and data.place != HOME
    found.unless(bool(address) or not needs, "shop_address", gettext_noop("Say where to come."))
    found.unless(len(address) <= 200, "shop_address", gettext_noop("At most 200 characters."))
    found.unless(data.step in STEPS, "step", gettext_noop("Offer times every 15, 30 or 60 minutes."))
    found.unless(0 <= data.lead_minutes <= LEAD_MAX, "lead_minutes", gettext_noop("From 0 minutes to 14 days."))
    found.unless(1 <= data.days_ahead <= DAYS_MAX, "days_ahead", gettext_noop("From 1 to 60 days."))
    found.unless(bool(data.quarters), "quarters", gettext_noop("Say how long it takes."))
    for variant, quarters in data.quarters.items():
        fits = 1 <= quarters <= QUARTERS_MAX
        found.unless(fits, f"quarters.{variant}", gettext_noop("From a quarter of an hour to twelve hours."))
    for add_on, quarters in data.longer.items():
        found.unless(0 <= quarters <= LONGER_MAX, f"longer.{add_on}", gettext_noop("From nothing to four hours."))
    _check_notice(data.cancellation, found)
    return found.refusals


def worker_problems(data: WorkerData) -> list[Refusal]:
    """Everything that is wrong with somebody's card and hours, by field (``week.0``, ``breaks.6``)."""
    found = _Found()
    found.unless(1 <= len(clean(data.name)) <= 40, "name", gettext_noop("A name of at most 40 characters, please."))
    found.unless(len(clean(data.title)) <= 40, "title", gettext_noop("At most 40 characters."))
    found.unless(len(clean(data.about)) <= 300, "about", gettext_noop("At most 300 characters."))
    for name in ("travel_before", "travel_after"):
        found.unless(0 <= getattr(data, name) <= TRAVEL_MAX, name, gettext_noop("From nothing to three hours."))
    for weekday in sorted({*data.week, *data.breaks}):
        found.unless(0 <= weekday <= 6, "week", gettext_noop("A week has seven days."))
        for name, windows in (("week", data.week), ("breaks", data.breaks)):
            problem = window_problem(windows.get(weekday, ()))
            found.unless(problem is None, f"{name}.{weekday}", problem or "")
    return found.refusals


def window_problem(windows: Sequence[Window]) -> str | None:
    """What is wrong with the hours of a day, if anything is."""
    if len(windows) > WINDOWS_MAX:
        return TOO_MANY
    for opens, closes in windows:
        if opens % 15 or closes % 15:
            return QUARTER_HOURS
        if not 0 <= opens < DAY_MINUTES or not opens < closes <= CLOSES_MAX:
            return NO_WINDOW
    ordered = sorted(windows)
    if any(closes > opens for (_, closes), (opens, _) in itertools.pairwise(ordered)):
        return OVERLAP
    return None


def absence_problems(first: date, last: date, *, today: date) -> list[Refusal]:
    """Days off lie ahead and end."""
    found = _Found()
    found.unless(last >= first, "last", gettext_noop("The last day must not lie before the first."))
    found.unless(last >= today, "last", gettext_noop("These days are over."))
    found.unless(last - first <= timedelta(days=ABSENCE_DAYS_MAX), "last", gettext_noop("At most 400 days at once."))
    return found.refusals


def area_problems(areas: Sequence[AreaData]) -> list[Refusal]:
    """Everything that is wrong with the places that a shop comes to, by row."""
    found = _Found()
    found.unless(len(areas) <= AREAS_MAX, "areas", gettext_noop("At most 400 places."))
    seen: set[tuple[str, str]] = set()
    for at, area in enumerate(areas):
        found.unless(bool(clean(area.city)), f"areas.{at}.city", gettext_noop("Name the city."))
        for name in ("city", "district"):
            found.unless(len(getattr(area, name)) <= 40, f"areas.{at}.{name}", gettext_noop("At most 40 characters."))
        found.unless(0 <= area.fee <= FEE_MAX, f"areas.{at}.fee", gettext_noop("Write an amount like 20, or 0."))
        place = plain_name(area.city), plain_name(area.district)
        found.unless(place not in seen, f"areas.{at}.district", gettext_noop("This place is there twice."))
        seen.add(place)
    return found.refusals


def _check_notice(table: Sequence[Mapping[str, int]], found: "_Found") -> None:
    field_name = "cancellation"
    found.unless(len(table) <= NOTICE_ROWS_MAX, field_name, TOO_MANY)
    rows: list[tuple[Any, Any]] = [(row.get("hours"), row.get("bp")) for row in table]
    plain = all(isinstance(h, int) and isinstance(bp, int) and 0 <= h <= 720 and 0 <= bp <= 10_000 for h, bp in rows)
    found.unless(plain, field_name, gettext_noop("Write hours from 0 to 720 and a share from 0 to 100 percent."))
    if plain:
        ordered = sorted(rows, reverse=True)
        kinder = all(early[1] <= late[1] for early, late in itertools.pairwise(ordered))
        found.unless(kinder, field_name, gettext_noop("Who cancels earlier must not pay more."))


class _Found:
    """Refusals as they are found, one per field."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    def unless(self, fits: object, name: str, problem: str) -> None:
        """Note a problem of a field, its first one."""
        if not fits and all(refusal.field != name for refusal in self.refusals):
            self.refusals.append(Refusal(BAD_VALUE, field=name, problem=problem))
