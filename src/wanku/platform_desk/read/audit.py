"""The audit trail: moves between states and privileged acts, filtered, newest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from wanku.audit.models import Act, Move
from wanku.people.models import Person

PAGE = 50
EXPORT_MAX = 50_000
MOVE_COLUMNS = (
    "id", "at", "subject_type", "subject_id", "event", "from_state", "to_state", "actor", "actor_id", "because",
    "merchant_id", "trade_id", "facts",
)  # fmt: skip
ACT_COLUMNS = ("id", "at", "verb", "subject_type", "subject_id", "actor_id", "because", "merchant_id", "facts")


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for; `what` is an event of moves or a verb of acts."""

    subject_type: str = ""
    subject_id: str = ""
    what: str = ""
    actor: str = ""
    person: int | None = None
    since: date | None = None
    until: date | None = None


def moves(asked: Search) -> QuerySet[Move]:
    """Moves that match."""
    rows = Move.objects.order_by("-id")
    if asked.what:
        rows = rows.filter(event=asked.what)
    if asked.actor:
        rows = rows.filter(actor=asked.actor)
    return _common(rows, asked)


def acts(asked: Search) -> QuerySet[Act]:
    """Acts that match."""
    rows = Act.objects.order_by("-id")
    if asked.what:
        rows = rows.filter(verb=asked.what)
    return _common(rows, asked)


def _common(rows: QuerySet[Any], asked: Search) -> QuerySet[Any]:
    if asked.subject_type:
        rows = rows.filter(subject_type=asked.subject_type)
    if asked.subject_id:
        rows = rows.filter(subject_id=asked.subject_id)
    if asked.person:
        rows = rows.filter(actor_id=asked.person)
    if asked.since:
        rows = rows.filter(at__date__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__date__lte=asked.until)
    return rows


def portion(rows: QuerySet[Any], before: int | None) -> tuple[Sequence[Any], int | None]:
    """The next page below `before`, and where the page after it starts: append-only tables are never counted."""
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def names(rows: Sequence[Any]) -> Mapping[int, str]:
    """Names of the people who acted, by id."""
    people = Person.objects.filter(pk__in={row.actor_id for row in rows if row.actor_id})
    return {person.pk: person.name or f"#{person.pk}" for person in people}


def kinds(trail: str) -> tuple[list[str], list[str]]:
    """Subjects and events (or verbs) to filter by."""
    if trail == "acts":
        found = list(Act.objects.values_list("subject_type", "verb").distinct()[:500])
    else:
        found = list(Move.objects.values_list("subject_type", "event").distinct()[:500])
    return sorted({subject for subject, _ in found}), sorted({what for _, what in found})


def exported(rows: QuerySet[Any], columns: Sequence[str]) -> Iterator[Sequence[str]]:
    """Header and rows as text, newest first, at most `EXPORT_MAX`; no cell can be read as a formula."""
    yield columns
    for row in rows.values_list(*columns)[:EXPORT_MAX].iterator(chunk_size=2000):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    # A spreadsheet runs a cell that starts like this (CWE-1236).
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
