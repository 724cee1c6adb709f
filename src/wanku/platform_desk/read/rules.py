"""Durations in force and how they came to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wanku.audit.models import RuleVersion
from wanku.kernel.deadlines import DEFAULTS, FLOORS
from wanku.people.models import Person


@dataclass(frozen=True, slots=True)
class Rule:
    """One duration in seconds; `last` is the version in force, or none while it is the default."""

    name: str
    seconds: int
    default: int
    floor: int
    last: RuleVersion | None


def rules() -> list[Rule]:
    """Every duration, in the order of the defaults."""
    last = {row.name: row for row in RuleVersion.objects.order_by("name", "-at", "-id").distinct("name")}
    return [
        Rule(name, last[name].seconds if name in last else default, default, FLOORS.get(name, 1), last.get(name))
        for name, default in DEFAULTS.items()
    ]


def history(name: str) -> tuple[Sequence[RuleVersion], Mapping[int, str]]:
    """Versions of a rule, newest first, and who set them."""
    rows = list(RuleVersion.objects.filter(name=name).order_by("-at", "-id")[:100])
    people = Person.objects.filter(pk__in={row.set_by for row in rows if row.set_by})
    return rows, {person.pk: person.name or f"#{person.pk}" for person in people}
