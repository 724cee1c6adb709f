"""A table to products, whichever form it has, with every fault in its row and column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wanku.catalog.rules import VARIANTS_MAX
from wanku.catalog.sheets import shopify, wanku_form
from wanku.catalog.sheets.products import Fault, Sheet, SheetProduct, SheetVariant
from wanku.catalog.sheets.read_table import Table
from wanku.catalog.sheets.refusals import (
    CELL_MISSING,
    DAYS_SWAPPED,
    LIST_BELOW_PRICE,
    NO_VARIANT,
    OPTION_NAME_MISSING,
    OPTION_TWICE,
    OPTION_VALUE_MISSING,
    SKU_TWICE,
    TOO_MANY_VARIANTS,
    UNKNOWN_FORM,
    VALUES_TWICE,
)
from wanku.catalog.sheets.rows import Form, Row
from wanku.kernel.refusal import Code, Refusal


def parse(table: Table) -> Sheet:
    """Read a table in our own form or in Shopify's.

    A product with a fault anywhere is left out whole, so that nobody sells half of one; its neighbours are not touched.

    Raises:
        Refusal: ``unknown_form`` when the headings are neither's.
    """
    form = next((f for f in (wanku_form.FORM, shopify.FORM) if f.fits(table.headings)), None)
    if form is None:
        raise Refusal(UNKNOWN_FORM, field="file")
    columns, ignored = form.columns(table.headings)
    book = _Book(form)
    for number, texts in table.rows:
        book.take(Row(number, {name: texts[at] for name, at in columns.items()}, table.headings, columns))
    products = [book.product(handle, rows) for handle, rows in book.groups.items()]
    bad = {fault.handle for fault in book.faults}
    good = tuple(p for p in products if p is not None and p.handle not in bad)
    faults = tuple(sorted(book.faults, key=lambda fault: fault.row))
    headings = {name: table.headings[at] for name, at in columns.items()}
    return Sheet(form.name, good, faults, tuple(ignored), headings, len(table.rows))


@dataclass(slots=True)
class _Book:
    """The rows by handle, and what is wrong with them."""

    form: Form
    groups: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    skus: dict[str, int] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """Put a row with the others of its handle."""
        told = row.cell("handle")
        if not told:
            self.wrong(row, "handle", f"#{row.number}", CELL_MISSING, example="longjing-tea")
            return
        try:
            handle = self.form.handle(told)
        except Refusal as refusal:
            self.wrong(row, "handle", told, refusal)
            return
        self.groups.setdefault(handle, []).append(row)

    def wrong(self, row: Row, name: str, handle: str, refusal: Refusal | Code, **facts: Any) -> None:
        """Note a fault."""
        found = refusal if isinstance(refusal, Refusal) else Refusal(refusal, **facts)
        self.faults.append(Fault(row.number, row.heading(name), handle, found))

    def read(self, row: Row, handle: str, readers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
        """The cells of one row that have a column, each read by its reader."""
        values = {}
        for name, reader in readers.items():
            if not row.has(name):
                continue
            try:
                values[name] = reader(row.cell(name))
            except Refusal as refusal:
                self.wrong(row, name, handle, refusal)
        return values

    def product(self, handle: str, rows: Sequence[Row]) -> SheetProduct | None:
        """One product of its rows; None when it has no variant."""
        first = rows[0]
        fields = self.read(first, handle, self.form.product_readers)
        self.form.finish(fields, rows)
        if not fields.get("title"):
            self.wrong(first, "title", handle, CELL_MISSING, example="West Lake Longjing")
        least, most = fields.get("arrives_days_min"), fields.get("arrives_days_max")
        if least is not None and most is not None and least > most:
            self.wrong(first, "arrives_days_max", handle, DAYS_SWAPPED)
        options = self._options(first, handle) if first.has("option1_name") else None
        sold = [row for row in rows if self.form.sells(row)]
        if not sold:
            self.wrong(first, "price", handle, NO_VARIANT)
            return None
        if len(sold) > VARIANTS_MAX:
            self.wrong(first, "", handle, TOO_MANY_VARIANTS, most=VARIANTS_MAX)
            return None
        variants = [self._variant(row, handle, options or ()) for row in sold]
        self._distinct(handle, sold, variants)
        return SheetProduct(first.number, handle, options, tuple(variants), _told(fields))

    def _options(self, row: Row, handle: str) -> tuple[str, ...]:
        names: list[str] = []
        for at in (1, 2, 3):
            name = self.form.option_name(row, at)
            if not name:
                continue
            if len(names) < at - 1:
                self.wrong(row, f"option{at - 1}_name", handle, OPTION_NAME_MISSING)
            if name in names:
                self.wrong(row, f"option{at}_name", handle, OPTION_TWICE, option=name)
            names.append(name)
        return tuple(names)

    def _variant(self, row: Row, handle: str, options: tuple[str, ...]) -> SheetVariant:
        fields = self.read(row, handle, self.form.variant_readers)
        values = []
        for at, option in enumerate(options, start=1):
            value = self.form.option_value(row, at)
            if not value:
                self.wrong(row, f"option{at}_value", handle, OPTION_VALUE_MISSING, option=option)
            values.append(value)
        if len(options) < 3 and self.form.option_value(row, len(options) + 1):
            self.wrong(row, f"option{len(options) + 1}_value", handle, OPTION_NAME_MISSING)
        price, before = fields.get("price"), fields.get("list_price")
        if price is None and not any(f.row == row.number and f.column == row.heading("price") for f in self.faults):
            self.wrong(row, "price", handle, CELL_MISSING, example="12.50")
        if price is not None and before is not None and before <= price:
            fields["list_price"] = None
            if self.form.strict:
                self.wrong(row, "list_price", handle, LIST_BELOW_PRICE)
        sku = fields.pop("sku", "") or self.form.sku(handle, values)
        if not sku:
            self.wrong(row, "sku", handle, CELL_MISSING, example="LJ-100-S")
        return SheetVariant(row.number, sku, tuple(values), _told(fields))

    def _distinct(self, handle: str, rows: Sequence[Row], variants: Sequence[SheetVariant]) -> None:
        seen: dict[tuple[str, ...], int] = {}
        for row, variant in zip(rows, variants, strict=True):
            other = self.skus.setdefault(variant.sku, row.number) if variant.sku else row.number
            if other != row.number:
                self.wrong(row, "sku", handle, SKU_TWICE, sku=variant.sku, other=str(other))
            twin = seen.setdefault(variant.values, row.number) if row.has("option1_name") else row.number
            if twin != row.number:
                self.wrong(
                    row, "option1_value", handle, VALUES_TWICE, label=" / ".join(variant.values), other=str(twin)
                )


# Empty cells of these say nothing; of all others, that there is none.
KEPT_WHEN_EMPTY = (
    "category",
    "state",
    "stock",
    "low_stock_at",
    "weight_g",
    "ship_within_hours",
    "arrives_days_min",
    "arrives_days_max",
)


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in fields.items() if not (n in KEPT_WHEN_EMPTY and v in (None, ""))}
