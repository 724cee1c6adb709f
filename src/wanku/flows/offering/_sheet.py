"""Tables of what a shop offers: read, tried thing by thing as their own flows would do it, taken over whole or not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.catalog.sheets.columns import Column
from wanku.catalog.sheets.products import Fault
from wanku.catalog.sheets.read_table import read_table
from wanku.catalog.sheets.refusals import CELL_MISSING, FILE_TOO_BIG
from wanku.catalog.sheets.rows import Row
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.merchants.models import Merchant

T = TypeVar("T")
U = TypeVar("U")
TEXT_MAX: Final = 1024 * 1024
"""Bytes of all cells: what a page may send back."""
FILE_MAX: Final = 2 * TEXT_MAX
"""Bytes of a file, with what its form adds to the text."""
CREATE, UPDATE, SAME = "create", "update", "same"
FAULTY: Final = Code(
    "faulty_rows", gettext_noop("%(rows)s rows are wrong; nothing was changed. Mend them and try again."), 422
)
NO_HEADINGS: Final = Code(
    "headings_missing",
    gettext_noop("These headings are missing: %(columns)s. The first row must hold the headings; the template shows."),
    422,
)


@dataclass(frozen=True, slots=True)
class Form:
    """What a table of one kind has.

    Attributes:
        needed: columns without which it is not one.
        rows_max: rows below the headings.
    """

    columns: Sequence[Column]
    needed: Sequence[str]
    rows_max: int


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one thing: `CREATE`, `UPDATE` or `SAME`."""

    row: int
    title: str
    verb: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a table does, thing by thing, or what is wrong in it.

    Attributes:
        cells: headings and rows as they were read, to be sent again.
        ignored: headings that mean nothing here.
    """

    cells: tuple[tuple[str, ...], ...]
    ignored: tuple[str, ...]
    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]

    def count(self, verb: str) -> int:
        """Things with which this happens."""
        return sum(step.verb == verb for step in self.steps)


class Wrong(Exception):
    """Cells that are wrong: the row, our name of the column (empty for the whole row), and why."""

    def __init__(self, cells: Sequence[tuple[Row, str, Refusal]]) -> None:
        super().__init__()
        self.cells = tuple(cells)


@dataclass(slots=True)
class Cells:
    """Reads the cells of some rows and keeps what is wrong in them."""

    wrong: list[tuple[Row, str, Refusal]] = field(default_factory=list)

    def read(self, row: Row, name: str, reader: Callable[[str], T], otherwise: U) -> T | U:
        """A cell's value; ``otherwise`` when it cannot be read."""
        try:
            return reader(row.cell(name))
        except Refusal as refusal:
            self.wrong.append((row, name, refusal))
            return otherwise

    def told(self, row: Row, name: str, reader: Callable[[str], T], otherwise: U) -> T | U:
        """A cell's value; ``otherwise`` also when there is no such column, or nothing in it."""
        return self.read(row, name, reader, otherwise) if row.cell(name) else otherwise

    def needed(self, row: Row, column: Column, reader: Callable[[str], T], otherwise: U) -> T | U:
        """A cell's value, where there must be one."""
        if not row.cell(column.name):
            self.wrong.append((row, column.name, Refusal(CELL_MISSING, example=column.example)))
            return otherwise
        return self.read(row, column.name, reader, otherwise)

    def check(self) -> None:
        """Raise `Wrong` when anything is."""
        if self.wrong:
            raise Wrong(self.wrong)


def try_out(
    content: bytes,
    form: Form,
    groups: Callable[[Sequence[Row]], Iterable[tuple[str, Sequence[Row]]]],
    write: Callable[[Sequence[Row]], str],
) -> Outcome:
    """Write every thing of a table inside the caller's transaction, and say what came of each.

    Args:
        groups: the rows of each thing with its title.
        write: does it and returns what it did; raises `Wrong`, or a `Refusal` about the whole.

    Raises:
        Refusal: what `read_table` refuses; ``file_too_big`` for too much text; ``headings_missing``.
    """
    table = read_table(content, bytes_max=FILE_MAX, rows_max=form.rows_max)
    if sum(len(text.encode()) for _number, texts in table.rows for text in texts) > TEXT_MAX:
        # A workbook is packed, and says more than its size.
        raise Refusal(FILE_TOO_BIG, field="file", megabytes=TEXT_MAX // 1024 // 1024)
    at, ignored = _places(table.headings, form)
    rows = [
        Row(number, {name: texts[place] for name, place in at.items()}, table.headings, at)
        for number, texts in table.rows
    ]
    steps: list[Step] = []
    faults: list[Fault] = []
    for title, these in groups(rows):
        try:
            # A thing that is refused half-way leaves nothing for the next one to stumble over.
            with transaction.atomic():
                steps.append(Step(these[0].number, title, write(these)))
        except Wrong as wrong:
            faults += _faults(title, wrong.cells)
        except Refusal as refusal:
            faults += _faults(title, [(these[0], "", each) for each in refusal.every()])
    cells = (table.headings, *(texts for _number, texts in table.rows))
    return Outcome(cells, ignored, tuple(steps), tuple(sorted(faults, key=lambda fault: fault.row)))


def looked_at(take: Callable[[], Outcome], merchant_id: int, actor: Actor) -> Outcome:
    """What taking a table over would do: done, and undone.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; what ``take`` refuses about the whole.
    """
    require(actor, Permission.PRODUCTS_EDIT, merchant_id)
    with transaction.atomic():
        _take_turns(merchant_id)
        outcome = take()
        transaction.set_rollback(True)
    return outcome


def taken_over(verb: str, take: Callable[[], Outcome], merchant_id: int, *, actor: Actor, now: datetime) -> Outcome:
    """Take a table over, all of it or nothing.

    Args:
        verb: as it is written down.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; ``faulty_rows``; what ``take`` refuses about the whole.
    """
    require(actor, Permission.PRODUCTS_EDIT, merchant_id)
    with transaction.atomic():
        _take_turns(merchant_id)
        outcome = take()
        if outcome.faults:
            raise Refusal(FAULTY, field="file", rows=len({fault.row for fault in outcome.faults}))
        record(
            verb,
            actor_id=actor.person_id,
            merchant_id=merchant_id,
            subject_type="merchant",
            subject_id=merchant_id,
            facts={name: outcome.count(name) for name in (CREATE, UPDATE, SAME)},
            now=now,
        )
    return outcome


def mapped(refusal: Refusal, places: Mapping[str, tuple[Row, str]], otherwise: tuple[Row, str]) -> Wrong:
    """A flow's refusal, told of the cells that its fields came from.

    Args:
        otherwise: for what comes from no cell, when there is nothing else.
    """
    found = [(*places[name], each) for each in refusal.every() if (name := each.field or "") in places]
    return Wrong(found or [(*otherwise, each) for each in refusal.every()])


def _take_turns(merchant_id: int) -> None:
    # Two tables of one shop take turns, so that none makes what the other is making.
    Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)


def _places(headings: Sequence[str], form: Form) -> tuple[dict[str, int], tuple[str, ...]]:
    names = {text.lower(): column.name for column in form.columns for text in (column.name, column.chinese)}
    at: dict[str, int] = {}
    ignored = []
    for place, heading in enumerate(headings):
        name = names.get(" ".join(heading.lower().split()))
        if name is None or name in at:
            ignored += [heading] if heading else []
            continue
        at[name] = place
    missing = [name for name in form.needed if name not in at]
    if missing:
        raise Refusal(NO_HEADINGS, field="file", columns=", ".join(missing))
    return at, tuple(ignored)


def _faults(title: str, cells: Iterable[tuple[Row, str, Refusal]]) -> Iterator[Fault]:
    for row, column, refusal in cells:
        yield Fault(row.number, row.heading(column) if column else "", title, refusal)
