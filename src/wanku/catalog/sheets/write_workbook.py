"""Rows to an Excel workbook. Whoever needs one imports this file then, as `read_table` says."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from wanku.catalog.sheets.columns import Column
from wanku.catalog.sheets.read_table import escaped

HEAD_FILL = PatternFill("solid", fgColor="FFF3E8E2")


def workbook(
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    legend: Sequence[tuple[str, str, str, str]],
) -> bytes:
    """A workbook with some rows, the headings first, and a second sheet that explains their columns."""
    book = Workbook(write_only=True)
    page = book.create_sheet(name)
    page.freeze_panes = "C2"
    for at, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(at)].width = column.width
    for number, row in enumerate(rows):
        page.append([_cell(page, text, head=number == 0) for text in row])
    notes = book.create_sheet("columns")
    for at, width in enumerate((22, 18, 80, 24), start=1):
        notes.column_dimensions[get_column_letter(at)].width = width
    for number, line in enumerate(legend):
        notes.append([_cell(notes, text, head=number == 0) for text in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(page: Any, text: str, *, head: bool) -> Any:
    """A text cell: a SKU like 00123 keeps its zeros, and nothing is taken for a formula."""
    cell = WriteOnlyCell(page, value=escaped(text))
    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text="\n" in text)
    if head:
        cell.font = Font(bold=True)
        cell.fill = HEAD_FILL
    return cell
