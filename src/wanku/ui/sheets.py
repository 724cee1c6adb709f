"""Long tables as downloads."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.http import StreamingHttpResponse

from wanku.catalog.sheets.stream import Cell, csv_parts, workbook_parts

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(form: str, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """A table as a file ``name.form``; texts that a spreadsheet would run as formulas are defused.

    Args:
        form: ``csv`` or ``xlsx``.
        rows: read while the answer is sent; amounts are Decimals, moments are written in their own zone.
    """
    parts = csv_parts(head, rows) if form == "csv" else workbook_parts(head, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(parts, content_type=TYPES[form], headers=headers)
