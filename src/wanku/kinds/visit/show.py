"""What the product page shows: days, people, free times. One statement for all that is free."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.utils import formats

from wanku.catalog.models import Variant
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.inventory.queries import free_by_key
from wanku.kinds.visit.booking import at_work, in_turn, last_day, span, starts_on
from wanku.kinds.visit.facts import EITHER, HOME, SHOP, Facts, Person, key_of
from wanku.kinds.visit.hours import day_of, moment_of
from wanku.kinds.visit.load import load_facts
from wanku.kinds.visit.models import Worker
from wanku.kinds.visit.words import length_text, offset_text

STRIP_DAYS: Final = 14
KEPT: Final = frozenset({"variant", "choice.worker", "choice.where"})
"""What stays chosen when other days are looked at."""
CLOSED: Final = "closed"
FULL: Final = "full"
FREE: Final = "free"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that could be had.

    Attributes:
        at: as ``choice.at`` takes it.
        label: what the shop's clock shows; with its distance from UTC where it shows it twice.
        people: who is free then, in the order in which "anyone" takes them.
    """

    at: str
    label: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the strip; ``state`` is ``free``, ``full`` or ``closed``."""

    day: date
    weekday: str
    state: str
    slots: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A variant to choose: what it is called, what it costs in minor units, and how long it takes."""

    id: int
    label: str
    price: int
    length: str
    chosen: bool


def show_slots(product_id: int, asked: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """Days, people and free times.

    Asked for by ``variant``, ``add_on`` (ids with commas), ``day``, ``from`` (first day of the strip), and
    ``choice.worker``, ``choice.where``. Strange values mean nothing was asked. The first day with a free time is shown
    when none was chosen.
    """
    rows = list(Variant.objects.filter(product_id=product_id, is_active=True).select_related("product"))
    all_facts = load_facts([row.pk for row in rows])
    items = [row for row in rows if row.pk in all_facts]
    item = next((row for row in items if str(row.pk) == asked.get("variant", "")), next(iter(items), None))
    if item is None:
        return {"ready": False}
    facts = all_facts[item.pk]
    where = _where(facts, asked)
    people = [p for p in facts.people if asked.get("choice.worker") in (str(p.id), None, "", "any", "0")]
    chosen_person = people[0].id if len(people) == 1 and asked.get("choice.worker") == str(people[0].id) else None
    length = facts.length(_add_ons(facts, asked))
    first = _first_day(facts, asked, now)
    days = [first + timedelta(days=n) for n in range(STRIP_DAYS)]
    days = [day for day in days if day <= last_day(facts, now)]
    by_day = free_slots(facts, people or facts.people, where, length, days, now)
    day = _chosen_day(asked, by_day)
    return {
        "ready": True,
        "again": any(name in asked for name in ("variant", "day", "from", "choice.at")),
        "currency": item.product.currency,
        "items": [
            Offered(row.pk, row.label, row.price, length_text(all_facts[row.pk].quarters * 15), row.pk == item.pk)
            for row in items
        ],
        "zone_text": offset_text(now.astimezone(facts.zone)),
        "kept": urlencode({name: text for name, text in asked.items() if name in KEPT}),
        "where": where,
        "asks_where": facts.place == EITHER,
        "shop_address": facts.shop_address,
        "length": length_text(length * 15),
        "people": _faces(facts.people, chosen_person),
        "worker": chosen_person,
        "days": [
            Day(one, formats.date_format(one, "D"), state, len(slots), one == day)
            for one, (state, slots) in by_day.items()
        ],
        "day": day,
        "slots": by_day[day][1] if day else (),
        "state": by_day[day][0] if day else CLOSED,
        "at": _chosen_at(asked, by_day[day][1] if day else ()),
        "earlier": _earlier(first, facts, now),
        "later": days[-1] + timedelta(days=1) if days and days[-1] < last_day(facts, now) else None,
        "reach": facts.reach if where == HOME else (),
    }


def free_slots(
    facts: Facts, people: Sequence[Person], where: str, length: int, days: Sequence[date], now: datetime
) -> dict[date, tuple[str, tuple[Slot, ...]]]:
    """By day whether it is free, full or closed, and the times that could be had; one statement for all."""
    possible: dict[date, list[tuple[int, list[Person]]]] = {}
    for day in days:
        starts = list(starts_on(facts, day, now))
        works = {p.id: set(at_work(facts, p, day, where, length, starts)) for p in people}
        possible[day] = [(s, there) for s in starts if (there := [p for p in people if s in works[p.id]])]
    spans = ((p, span(p, start, length, where)) for found in possible.values() for start, there in found for p in there)
    free = _free_keys({key_of(p.id, quarter) for p, taken in spans for quarter in taken})
    shown: dict[date, tuple[str, tuple[Slot, ...]]] = {}
    for day, found in possible.items():
        slots = []
        labels = [f"{moment_of(start, facts.zone):%H:%M}" for start, _there in found]
        for (start, there), label in zip(found, labels, strict=True):
            able = [p for p in there if all(key_of(p.id, q) in free for q in span(p, start, length, where))]
            if able:
                begins = moment_of(start, facts.zone)
                twice = labels.count(label) > 1
                text = f"{label} ({offset_text(begins)})" if twice else label
                slots.append(Slot(begins.isoformat(timespec="minutes"), text, tuple(in_turn(able, start))))
        shown[day] = (FREE if slots else FULL if found else CLOSED), tuple(slots)
    return shown


def _free_keys(keys: Collection[str]) -> set[str]:
    return {key for key, pieces in free_by_key(keys).items() if pieces > 0}


def _where(facts: Facts, asked: Mapping[str, str]) -> str:
    if facts.place != EITHER:
        return facts.place
    return SHOP if asked.get("choice.where") == SHOP else HOME


def _add_ons(facts: Facts, asked: Mapping[str, str]) -> frozenset[int]:
    texts = asked.get("add_on", "").split(",")
    return frozenset(add_on for add_on in facts.longer if str(add_on) in texts)


def _first_day(facts: Facts, asked: Mapping[str, str], now: datetime) -> date:
    today = day_of(now, facts.zone)
    wanted = _date(asked.get("from", "")) or today
    return min(max(wanted, today), last_day(facts, now))


def _earlier(first: date, facts: Facts, now: datetime) -> date | None:
    today = day_of(now, facts.zone)
    return max(today, first - timedelta(days=STRIP_DAYS)) if first > today else None


def _chosen_day(asked: Mapping[str, str], by_day: Mapping[date, tuple[str, Sequence[Slot]]]) -> date | None:
    wanted = _date(asked.get("day", "")) or _date(asked.get("choice.at", "")[:10])
    if wanted in by_day:
        return wanted
    free = (day for day, (state, _slots) in by_day.items() if state == FREE)
    return next(free, next(iter(by_day), None))


def _chosen_at(asked: Mapping[str, str], slots: Sequence[Slot]) -> str:
    try:
        wanted = datetime.fromisoformat(asked.get("choice.at", "").replace(" ", "+"))
    except ValueError:
        return ""
    if wanted.tzinfo is None:
        return ""
    return next((slot.at for slot in slots if datetime.fromisoformat(slot.at) == wanted), "")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody to choose."""

    id: int
    name: str
    title: str
    about: str
    picture: Picture | None
    chosen: bool


def _faces(people: Sequence[Person], chosen: int | None) -> list[Face]:
    rows = {worker.pk: worker for worker in Worker.objects.filter(pk__in=[person.id for person in people])}
    return [
        Face(w.pk, w.name, w.title, w.about, stand_in(w.picture_id), w.pk == chosen)
        for person in people
        if (w := rows.get(person.id)) is not None
    ]
