"""Products to bytes, in our own form: reading them again gives the same products."""

from collections.abc import Iterable, Sequence

from wanku.catalog.sheets import cells
from wanku.catalog.sheets.columns import COLUMNS
from wanku.catalog.sheets.products import SheetProduct, SheetVariant
from wanku.catalog.sheets.read_table import csv_bytes

HEADINGS = tuple(column.name for column in COLUMNS)


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
    from wanku.catalog.sheets.write_workbook import workbook  # noqa: PLC0415 - as in `read_table`

    return workbook("products", COLUMNS, rows_of(products), legend)


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
