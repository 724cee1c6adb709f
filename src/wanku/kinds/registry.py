"""The kinds that are sold. A new one is a folder and a line here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from pydantic import ValidationError

from wanku.inventory.queries import has_stock
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kinds.issue.kind import IssueKind
from wanku.kinds.kind import Choice, Kind
from wanku.kinds.meal.kind import MealKind
from wanku.kinds.seat.kind import Seat
from wanku.kinds.stay.kind import Stay
from wanku.kinds.visit.kind import VisitKind

SHIP: Final = "ship"
"""Goods in parcels: the engine's own, without a choice."""

_ALL: Final[Sequence[Kind]] = (IssueKind(), MealKind(), VisitKind(), Seat(), Stay())

KINDS: Final[Mapping[str, Kind]] = {kind.code: kind for kind in _ALL}


def by_sku(kind: str) -> bool:
    """Whether products of a kind take from the counters of their variants (``sku:<id>``), as goods do."""
    return kind == SHIP or (kind in KINDS and KINDS[kind].by_sku)


def kinds_by_sku() -> list[str]:
    """The kinds of which `by_sku` holds."""
    return [SHIP, *(code for code in KINDS if by_sku(code))]


def to_be_had(*, now: datetime) -> Q:
    """A condition on products: goods that are in stock, and of every other kind what is free some day ahead."""
    found = Q(kind=SHIP) & Q(has_stock())
    for code, kind in KINDS.items():
        found |= Q(kind=code) & Q(kind.ahead(now=now))
    return found


def read_choice(kind: Kind, choice: str) -> Choice:
    """The choice of a wish, as the kind wants it.

    Raises:
        Refusal: ``bad_value`` for each field that is wrong, named ``choice.<field>``.
    """
    try:
        return kind.choice_model.model_validate_json(choice or "{}")
    except ValidationError as error:
        faults = faults_of(error, "choice")
        raise Refusal(BAD_VALUE, field=faults[0].field, also=faults[1:], **faults[0].facts) from error


def faults_of(error: ValidationError, root: str) -> list[Refusal]:
    """What is wrong with a form of a kind: ``bad_value`` for each field, named below ``root``."""
    return [_fault((root, *each["loc"]), each["type"], each["msg"]) for each in error.errors(include_url=False)]


def _fault(place: tuple[Any, ...], kind: str, told: str) -> Refusal:
    problem = gettext_noop("Please fill this in.") if kind == "missing" else told
    return Refusal(BAD_VALUE, field=".".join(str(step) for step in place), problem=problem)
