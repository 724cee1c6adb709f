"""Rules in force and how they came to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wanku.audit.models import RuleVersion
from wanku.audit.rules import DEFAULTS
from wanku.kernel.deadlines import FLOORS
from wanku.kernel.limits import LIMITS, LIMITS_MAX
from wanku.people.models import Person


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        value, default: seconds of a duration, major units of a limit.
        bound: the shortest duration, or the highest limit, that may be set.
        last: the version in force, or none while it is the default.
    """

    name: str
    value: int
    default: int
    bound: int
    last: RuleVersion | None

    @property
    def is_limit(self) -> bool:
        """Whether it is an amount, not a time."""
        return self.name in LIMITS


def rules() -> list[Rule]:
    """Every rule, in the order of the defaults."""
    last = {row.name: row for row in RuleVersion.objects.order_by("name", "-at", "-id").distinct("name")}
    return [
        Rule(
            name=name,
            value=last[name].value if name in last else default,
            default=default,
            bound=LIMITS_MAX[name] if name in LIMITS else FLOORS.get(name, 1),
            last=last.get(name),
        )
        for name, default in DEFAULTS.items()
    ]


def history(name: str) -> tuple[Sequence[RuleVersion], Mapping[int, str]]:
    """Versions of a rule, newest first, and who set them."""
    rows = list(RuleVersion.objects.filter(name=name).order_by("-at", "-id")[:100])
    people = Person.objects.filter(pk__in={row.set_by for row in rows if row.set_by})
    return rows, {person.pk: person.name or f"#{person.pk}" for person in people}
