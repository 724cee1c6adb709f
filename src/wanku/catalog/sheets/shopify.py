"""Shopify's product table, in the headings of both of its editions.

Source: Shopify Help Center, "Using CSV files to import and export products" (columns, rows that hold only a picture,
"Default Title" for a product without options).
"""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from wanku.catalog.rules import PICTURES_MAX, SKU_MAX
from wanku.catalog.sheets import cells
from wanku.catalog.sheets.html_text import html_text
from wanku.catalog.sheets.rows import Form, Row
from wanku.kernel.refusal import Refusal
from wanku.kernel.text import clean

# Shopify's heading, lower case, to our name; the second spelling is that of the edition of 2024.
ALIASES: Mapping[str, str] = {
    "handle": "handle",
    "url handle": "handle",
    "title": "title",
    "body (html)": "description",
    "description": "description",
    "vendor": "brand",
    "product category": "category",
    "type": "type",
    "tags": "tags",
    "published": "published",
    "published on online store": "published",
    "status": "state",
    **{f"option{at} name": f"option{at}_name" for at in (1, 2, 3)},
    **{f"option{at} value": f"option{at}_value" for at in (1, 2, 3)},
    "variant sku": "sku",
    "sku": "sku",
    "variant grams": "weight_g",
    "weight value (grams)": "weight_g",
    "variant inventory qty": "stock",
    "inventory quantity": "stock",
    "variant price": "price",
    "price": "price",
    "variant compare at price": "list_price",
    "compare-at price": "list_price",
    "variant barcode": "barcode",
    "barcode": "barcode",
    "image src": "picture",
    "product image url": "picture",
    "image position": "picture_position",
    "image alt text": "picture_alt",
}
STATES = {"active": "on_sale", "draft": "draft", "archived": "off", "unlisted": "off"}
NO_CHOICE = "default title"
TAG_NAME = "标签"


def _state(cell: str) -> str:
    found = cells.choice(*STATES)(cell)
    return STATES.get(found, "")


def _stock(cell: str) -> int | None:
    """Shopify sells below zero when it is told to; here nothing is left then."""
    if cell.strip().startswith("-"):
        return 0
    return cells.whole(0, cells.STOCK_MAX)(cell)


def _grams(cell: str) -> int | None:
    found = cells.plain(cell).partition(".")[0]
    return cells.whole(0, 1_000_000)(found)


def _price(cell: str) -> int | None:
    """Shopify writes ``0.00`` where there is no reduction."""
    return None if cells.plain(cell).strip("0.") == "" else cells.price(cell)


def _description(cell: str) -> str:
    return cells.text(cells.LONGEST["description"], lines=True)(html_text(cell))


def _handle(cell: str) -> str:
    return cells.handle(cells.slugged(cell) or cell)


def _barcode(cell: str) -> str:
    return cells.text(cells.LONGEST["barcode"])(cell.strip("'"))


def _sells(row: Row) -> bool:
    return bool(row.cell("price") or row.cell("sku") or row.cell("option1_value"))


def _without_choice(row: Row) -> bool:
    return row.cell("option1_value").strip().lower() == NO_CHOICE or not row.cell("option1_value").strip()


def _option_name(row: Row, at: int) -> str:
    if _without_choice(row):
        return ""
    return clean(row.cell(f"option{at}_name"))


def _option_value(row: Row, at: int) -> str:
    found = clean(row.cell(f"option{at}_value"))
    return "" if at == 1 and found.lower() == NO_CHOICE else found


def _sku(handle: str, values: Sequence[str]) -> str:
    """Shopify lets variants go without one; ours is then the handle with the choice, the same at every import."""
    return cells.slugged("-".join([handle, *values]))[-SKU_MAX:].strip("-_")


def _finish(fields: MutableMapping[str, Any], rows: Sequence[Row]) -> None:
    kind = fields.pop("type", "")
    fields["category"] = (fields.get("category") or kind).rpartition(">")[2].strip()
    published = fields.pop("published", "")
    if published == "false" and fields.get("state", "on_sale") == "on_sale":
        fields["state"] = "draft"
    elif not fields.get("state") and published == "true":
        fields["state"] = "on_sale"
    tags = fields.pop("tags", "")
    if tags:
        fields["parameters"] = ((TAG_NAME, tags[:200]),)
    if not rows[0].has("picture"):
        return
    found: list[tuple[int, tuple[str, str]]] = []
    for row in rows:
        address = row.cell("picture")
        if not address:
            continue
        try:
            known = cells.picture_address(address)
        except Refusal:
            # A picture is the least of a product: it is left out rather than the whole product.
            continue
        position = row.cell("picture_position")
        found.append((int(position) if position.isdecimal() else 999, (known, clean(row.cell("picture_alt"))[:200])))
    ordered = [entry for _, entry in sorted(found, key=lambda pair: pair[0])]
    fields["pictures"] = tuple(dict.fromkeys(ordered))[:PICTURES_MAX]


FORM = Form(
    name="shopify",
    aliases=ALIASES,
    needed=frozenset({"handle", "title", "price", "option1_name"}),
    handle=_handle,
    product_readers={
        "title": cells.text(cells.LONGEST["title"]),
        "description": _description,
        "brand": cells.text(cells.LONGEST["brand"]),
        "category": cells.text(400),
        "type": cells.text(200),
        "tags": cells.text(1_000),
        "published": cells.choice("true", "false"),
        "state": _state,
    },
    variant_readers={
        "sku": cells.text(cells.LONGEST["sku"]),
        "price": cells.price,
        "list_price": _price,
        "stock": _stock,
        "weight_g": _grams,
        "barcode": _barcode,
    },
    sells=_sells,
    option_name=_option_name,
    option_value=_option_value,
    sku=_sku,
    finish=_finish,
    strict=False,
)
