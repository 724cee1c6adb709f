"""Our own form of a product table; its columns are in `wanku.catalog.sheets.columns`."""

from collections.abc import MutableMapping, Sequence
from typing import Any

from wanku.catalog.sheets import cells
from wanku.catalog.sheets.columns import ALIASES
from wanku.catalog.sheets.rows import Form, Row
from wanku.kernel.text import clean


def _nothing(fields: MutableMapping[str, Any], rows: Sequence[Row]) -> None:
    """Everything of a product stands in its first row."""


def _sells(row: Row) -> bool:
    return True


def _option_name(row: Row, at: int) -> str:
    return clean(row.cell(f"option{at}_name"))


def _option_value(row: Row, at: int) -> str:
    return clean(row.cell(f"option{at}_value"))


def _no_sku(handle: str, values: Sequence[str]) -> str:
    return ""


FORM = Form(
    name="wanku",
    aliases=ALIASES,
    needed=frozenset({"handle", "title", "price"}),
    handle=cells.handle,
    product_readers={
        "title": cells.text(cells.LONGEST["title"]),
        "subtitle": cells.text(cells.LONGEST["subtitle"]),
        "category": cells.text(200),
        "brand": cells.text(cells.LONGEST["brand"]),
        "description": cells.text(cells.LONGEST["description"], lines=True),
        "state": cells.choice(*cells.STATES, words=cells.STATE_WORDS),
        "ship_within_hours": cells.whole(1, 360),
        "arrives_days_min": cells.whole(0, 365),
        "arrives_days_max": cells.whole(0, 365),
        "return_rule": cells.choice(*cells.RULES),
        "return_days": cells.whole(0, 365),
        "limit_per_order": cells.whole(1, 999),
        "limit_per_person": cells.whole(1, 999),
        "waiting_room": cells.choice(*cells.YES_NO, words=cells.YES_NO_WORDS),
        "parameters": cells.pairs,
        "add_ons": cells.priced_pairs,
        "pictures": cells.pictures,
    },
    variant_readers={
        "sku": cells.text(cells.LONGEST["sku"]),
        "price": cells.price,
        "list_price": cells.price,
        "stock": cells.whole(0, cells.STOCK_MAX),
        "low_stock_at": cells.whole(0, 100_000),
        "weight_g": cells.whole(0, 1_000_000),
        "barcode": cells.text(cells.LONGEST["barcode"]),
    },
    sells=_sells,
    option_name=_option_name,
    option_value=_option_value,
    sku=_no_sku,
    finish=_nothing,
    strict=True,
)
