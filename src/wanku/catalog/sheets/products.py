"""A product as the rows of a table say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from wanku.kernel.refusal import Refusal

PRODUCT_FIELDS = (
    "title",
    "subtitle",
    "category",
    "brand",
    "description",
    "state",
    "ship_within_hours",
    "arrives_days_min",
    "arrives_days_max",
    "return_rule",
    "return_days",
    "limit_per_order",
    "limit_per_person",
    "waiting_room",
    "parameters",
    "add_ons",
    "pictures",
)
"""Fields of a product, each written in the first of its rows."""
VARIANT_FIELDS = ("price", "list_price", "stock", "low_stock_at", "weight_g", "barcode")
"""Fields of a variant besides its SKU and its option values."""


@dataclass(frozen=True, slots=True)
class SheetVariant:
    """One row that can be bought.

    Attributes:
        row: where it stands in the file, as a spreadsheet counts; 0 when it comes from the database.
        values: one per option of the product.
        fields: only what the file says; a column that is missing, or empty where empty means nothing, leaves things
            as they are. Money in minor units, ``stock`` in pieces that can be ordered now.
    """

    row: int
    sku: str
    values: tuple[str, ...]
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetProduct:
    """All rows of one handle.

    Attributes:
        handle: the product's name in addresses; what a repeated import finds it by.
        options: names of the options, at most three; None when the file has no such columns.
        fields: as in `SheetVariant`. ``parameters`` and ``add_ons`` are tuples of pairs, ``pictures`` of pairs of
            address and what is to be seen.
    """

    row: int
    handle: str
    options: tuple[str, ...] | None
    variants: tuple[SheetVariant, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell, and what would be right.

    Attributes:
        row: as a spreadsheet counts, the heading is row 1.
        column: heading as it stands in the file; empty when it is about the whole row.
        handle: product that is left out because of it.
    """

    row: int
    column: str
    handle: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: good products, and what is wrong with the others.

    Attributes:
        form: ``wanku`` or ``shopify``.
        ignored: headings that mean nothing here.
        headings: our name of a column to the file's.
    """

    form: str
    products: tuple[SheetProduct, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    headings: Mapping[str, str]
    rows: int


def merged(now: SheetProduct | None, told: SheetProduct) -> SheetProduct:
    """What the product is once a file has had its say; variants that it does not mention stay as they are.

    A variant that was there and has another number of option values than the file's cannot stay and is left out.
    """
    if now is None:
        return replace(told, options=told.options or ())
    options = now.options or () if told.options is None else told.options
    known = {v.sku: v for v in now.variants}
    mentioned = {v.sku for v in told.variants}
    variants = []
    for variant in told.variants:
        before = known.get(variant.sku)
        values = before.values if before is not None and told.options is None else variant.values
        fields = {**before.fields, **variant.fields} if before is not None else variant.fields
        variants.append(SheetVariant(variant.row, variant.sku, values, fields))
    taken = {v.values for v in variants}
    fits = [
        v for v in now.variants if v.sku not in mentioned and len(v.values) == len(options) and v.values not in taken
    ]
    return SheetProduct(told.row, now.handle, options, (*variants, *fits), {**now.fields, **told.fields})


def equal(one: SheetProduct, other: SheetProduct) -> bool:
    """Whether two say the same, wherever they stand."""
    return _bare(one) == _bare(other)


def _bare(product: SheetProduct) -> tuple[Any, ...]:
    variants = {v.sku: (v.values, dict(v.fields)) for v in product.variants}
    return product.handle, product.options, list(variants), variants, dict(product.fields)
