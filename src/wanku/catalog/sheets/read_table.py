"""Bytes to rows: CSV in the encodings that spreadsheets write, and Excel workbooks."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from wanku.catalog.sheets.refusals import (
    FILE_EMPTY,
    FILE_TOO_BIG,
    FILE_UNREADABLE,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    TWICE_HEADED,
)
from wanku.kernel.refusal import Refusal

BYTES_MAX = 5 * 1024 * 1024
ROWS_MAX = 5_000
COLUMNS_MAX = 120
CELL_MAX = 100_000
# A workbook is a zip: a small one may unpack to anything.
UNPACKED_MAX = 60 * 1024 * 1024
# Excel in China writes GB 18030; with a byte order mark it is surely UTF-8.
ENCODINGS = ("utf-8-sig", "gb18030")
# A spreadsheet would run a cell that begins with one of these as a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Headings as they stand, and the rows below with their number in the file (the headings are row 1)."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(data: bytes, *, bytes_max: int = BYTES_MAX, rows_max: int = ROWS_MAX) -> Table:
    """The table in a file, every cell as text; rows without any text are left out.

    Raises:
        Refusal: ``file_too_big``, ``file_unreadable``, ``file_empty``, ``too_many_rows``, ``too_many_columns``,
            ``twice_headed``.
    """
    if len(data) > bytes_max:
        raise Refusal(FILE_TOO_BIG, field="file", megabytes=bytes_max // 1024 // 1024)
    lines = _workbook(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    headings: tuple[str, ...] | None = None
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in lines:
        texts = tuple(unescaped(cell.strip()) for cell in cells)
        if not any(texts):
            continue
        if headings is None:
            headings = _headings(texts)
            continue
        if len(rows) == rows_max:
            raise Refusal(TOO_MANY_ROWS, field="file", most=rows_max)
        rows.append((number, (*texts[: len(headings)], *("",) * (len(headings) - len(texts)))))
    if headings is None or not rows:
        raise Refusal(FILE_EMPTY, field="file")
    return Table(headings, tuple(rows))


def _headings(texts: Sequence[str]) -> tuple[str, ...]:
    kept = list(texts)
    while kept and not kept[-1]:
        kept.pop()
    if len(kept) > COLUMNS_MAX:
        raise Refusal(TOO_MANY_COLUMNS, field="file", most=COLUMNS_MAX)
    seen = set()
    for text in kept:
        if text and text.lower() in seen:
            raise Refusal(TWICE_HEADED, field="file", column=text[:60])
        seen.add(text.lower())
    return tuple(kept)


def _csv(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    if b"\x00" in data[:4096]:
        raise Refusal(FILE_UNREADABLE, field="file")
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Refusal(FILE_UNREADABLE, field="file")
    first = text.partition("\n")[0]
    # European spreadsheets write semicolons, copies out of Excel are separated by tabs.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        # A quoted cell may span lines, yet a spreadsheet counts it as one row.
        yield from enumerate(reader, start=1)
    except csv.Error:
        raise Refusal(FILE_UNREADABLE, field="file") from None


def _workbook(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    # Not with this file: 14 MB and a tenth of a second in every process that never meets a workbook.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(item.file_size for item in packed.infolist()) > UNPACKED_MAX:
                raise Refusal(FILE_TOO_BIG, field="file", megabytes=UNPACKED_MAX // 1024 // 1024)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        page = book.worksheets[0]
        # Some writers leave a wrong size behind, with which everything below would be missing.
        page.reset_dimensions()
        for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
            yield number, [_text(cell) for cell in cells[: COLUMNS_MAX + 1]]
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, IndexError, ValueError, TypeError, OSError):
        raise Refusal(FILE_UNREADABLE, field="file") from None


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(Decimal(repr(cell)), "f")
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell)[:CELL_MAX]


def escaped(text: str) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe before what could be one.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if text.startswith((*RISKY, "'")) else text


def unescaped(text: str) -> str:
    """What `escaped` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*RISKY, "'")) else text


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV with a byte order mark, which Excel needs to see that it is UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([escaped(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
