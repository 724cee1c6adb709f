"""Products to bytes, in our own form: reading them again gives the same products."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from wanku.catalog.sheets import cells
from wanku.catalog.sheets.columns import COLUMNS, Column
from wanku.catalog.sheets.products import SheetProduct, SheetVariant
from wanku.catalog.sheets.read_table import csv_bytes, escaped

HEADINGS = tuple(column.name for column in COLUMNS)
HEAD_FILL = PatternFill("solid", fgColor="FFF3E8E2")


def rows_of(products: Iterable[SheetProduct]) -> Iterable[list[str]]:
    """Headings, then one row per variant; what belongs to the product stands in its first row."""
    yield list(HEADINGS)
    for product in products:
        for index, variant in enumerate(product.variants):
            told = _variant_cells(product, variant) | (_product_cells(product) if index == 0 else {})
            yield [told.get(name, "") for name in HEADINGS]


def as_csv(products: Iterable[SheetProduct]) -> bytes:
    """A CSV file that Excel opens as it should, and that runs no formula."""
    return csv_bytes(rows_of(products))


def as_workbook(products: Iterable[SheetProduct], legend: Sequence[tuple[str, str, str, str]]) -> bytes:
    """An Excel workbook: the products, and a second sheet that explains the columns.

    Args:
        legend: heading, its Chinese name, meaning in the reader's language, example; the first row is its heading.
    """
    return workbook("products", COLUMNS, rows_of(products), legend)


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


def _product_cells(product: SheetProduct) -> dict[str, str]:
    told: dict[str, str] = {}
    for name, value in product.fields.items():
        if name == "parameters":
            told[name] = cells.pairs_text(value)
        elif name == "add_ons":
            told[name] = cells.pairs_text(value, priced=True)
        elif name == "pictures":
            told[name] = cells.pictures_text(value)
        else:
            told[name] = "" if value is None else str(value)
    return told


def _variant_cells(product: SheetProduct, variant: SheetVariant) -> dict[str, str]:
    told = {"handle": product.handle, "sku": variant.sku}
    for at, (option, value) in enumerate(zip(product.options or (), variant.values, strict=True), start=1):
        told |= {f"option{at}_name": option, f"option{at}_value": value}
    for name, value in variant.fields.items():
        if name in ("price", "list_price"):
            told[name] = cells.price_text(value)
        else:
            told[name] = "" if value is None else str(value)
    return told
