"""One row under its headings, and what the two forms of a table differ in."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A row, its cells by our names of the columns.

    Attributes:
        number: as a spreadsheet counts.
        headings, at: how the file itself calls each column.
    """

    number: int
    cells: Mapping[str, str]
    headings: Sequence[str]
    at: Mapping[str, int]

    def has(self, name: str) -> bool:
        """Whether the file has the column at all."""
        return name in self.cells

    def cell(self, name: str) -> str:
        """Its text, empty when the file has no such column."""
        return self.cells.get(name, "")

    def heading(self, name: str) -> str:
        """The column as the file calls it, or as we would."""
        return self.headings[self.at[name]] if name in self.at else name


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of table is read.

    Attributes:
        aliases: lower-case heading to our name.
        needed: names without which a table is not of this form.
        handle: reader of the handle.
        sells: whether a row is a variant (Shopify has rows that hold only a picture).
        option_name, option_value: of the first, second or third option.
        sku: what a variant without a SKU gets; empty when it must have one.
        finish: adds what must be gathered over all rows of a product.
        strict: whether a list price that is not above the price is a fault; Shopify writes such ones, and means none.
    """

    name: str
    aliases: Mapping[str, str]
    needed: frozenset[str]
    handle: Callable[[str], str]
    product_readers: Mapping[str, Callable[[str], Any]]
    variant_readers: Mapping[str, Callable[[str], Any]]
    sells: Callable[[Row], bool]
    option_name: Callable[[Row, int], str]
    option_value: Callable[[Row, int], str]
    sku: Callable[[str, Sequence[str]], str]
    finish: Callable[[MutableMapping[str, Any], Sequence[Row]], None]
    strict: bool

    def columns(self, headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
        """Where each of our columns stands, and the headings that mean nothing."""
        found: dict[str, int] = {}
        ignored = []
        for at, heading in enumerate(headings):
            name = self.aliases.get(" ".join(heading.lower().split()))
            if name is None or name in found:
                if heading:
                    ignored.append(heading)
                continue
            found[name] = at
        return found, ignored

    def fits(self, headings: Sequence[str]) -> bool:
        """Whether a table with these headings is of this form."""
        return self.needed <= self.columns(headings)[0].keys()
