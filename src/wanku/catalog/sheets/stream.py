"""Long tables, written while they are read: CSV line by line, workbooks by way of a temporary file."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final

from wanku.catalog.sheets.read_table import escaped

Cell = str | int | Decimal | datetime
LINES: Final = 500
SHEET_ROWS_MAX: Final = 1_000_000
"""An Excel sheet ends at 1,048,576 rows; what is longer goes on in the next one."""
PIECE: Final = 256 * 1024


def csv_parts(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """CSV with a byte order mark, which Excel needs to see that it is UTF-8."""
    yield b"\xef\xbb\xbf" + _lines([head])
    rest = iter(rows)
    while some := list(islice(rest, LINES)):
        yield _lines([[_text(cell) for cell in row] for row in some])


def workbook_parts(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """An Excel workbook; its memory does not grow with its rows."""
    from openpyxl import Workbook  # noqa: PLC0415 - as in `read_table`

    book, rest = Workbook(write_only=True), iter(rows)
    some = list(islice(rest, LINES))
    while True:
        sheet, count = book.create_sheet(), 0
        sheet.freeze_panes = "A2"
        sheet.append(list(head))
        while some and count < SHEET_ROWS_MAX:
            for row in some:
                sheet.append([_value(cell) for cell in row])
            count += len(some)
            some = list(islice(rest, LINES))
        if not some:
            break
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return escaped(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _value(cell: Cell) -> str | int | Decimal | datetime:
    if isinstance(cell, str):
        return escaped(cell)
    return cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
