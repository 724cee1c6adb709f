"""The product editor: what is in its fields, and the product that they make.

The page works without script: options make a grid of variants by a button that sends the form and gets it back.
"""

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.http import QueryDict

from wanku.catalog.models import Product
from wanku.catalog.rules import (
    OPTIONS_MAX,
    AddOnData,
    OptionData,
    PictureData,
    ProductData,
    VariantData,
)
from wanku.catalog.sheets.cells import pairs, pairs_text, price_text, priced_pairs
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.inventory.models import Supply
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.kinds.registry import SHIP
from wanku.merchant_desk import asked

TEXTS: Final = (
    "title",
    "subtitle",
    "brand",
    "description",
    "slug",
    "category",
    "return_rule",
    "parameters",
    "add_ons",
    "kind",
)
TICKS: Final = ("waiting_room",)
NUMBERS: Final = (
    "ship_within_hours",
    "arrives_min",
    "arrives_max",
    "return_days",
    "limit_per_order",
    "limit_per_person",
)
DEFAULTS: Final = {"ship_within_hours": "48", "arrives_min": "2", "arrives_max": "5"}
CELLS: Final = ("sku", "price", "list_price", "stock", "was", "low_at", "weight_g", "barcode")
# A form may hold 2,000 fields; a product with more variants than these is edited as a table.
GRID_MAX: Final = 120
VALUE_SPLIT = re.compile(r"[,，、;；\n]+")
NO_NUMBER = gettext_noop("Write a whole number.")
NO_PRICE = gettext_noop("Write a price like 12.50.")
TOO_BIG = Code(
    "too_many_combinations",
    gettext_noop("More than %(most)s combinations are edited as a table: see import and export."),
    422,
)
CHECK_GRID = Code(
    "check_variants", gettext_noop("The options have changed: please look through the variants below, then save."), 422
)


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One line of the grid, as typed.

    Attributes:
        on: whether this combination is offered.
        cells: texts by column; ``was`` is the stock that was shown, so that only the difference is booked.
    """

    values: tuple[str, ...]
    on: bool
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One picture, as typed; ``key`` is its id, ``source`` the address of one that is not stored."""

    key: str
    source: str
    alt: str
    sku: str
    position: str
    keep: bool = True

    @property
    def picture(self) -> Picture | None:
        """What to show."""
        return stand_in(asked.key(self.key)) if self.key else None


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything in the form."""

    texts: Mapping[str, str]
    options: Sequence[tuple[str, str]]
    rows: Sequence[VariantRow]
    pictures: Sequence[PictureRow] = ()

    def option_data(self) -> tuple[OptionData, ...]:
        """Options with a name, their values each once."""
        found = []
        for name, values in self.options:
            parts = tuple(dict.fromkeys(v for part in VALUE_SPLIT.split(values) if (v := clean(part))))
            if clean(name) or parts:
                found.append(OptionData(clean(name), parts))
        return tuple(found)

    def combinations(self) -> list[tuple[str, ...]]:
        """Every combination of option values, at most one more than the form can hold."""
        product = itertools.product(*(option.values for option in self.option_data()))
        return list(itertools.islice(product, GRID_MAX + 1))

    @property
    def is_too_big(self) -> bool:
        """Whether the grid would not fit into a form."""
        return len(self.combinations()) > GRID_MAX

    @property
    def grid_fits(self) -> bool:
        """Whether the grid has exactly the combinations of the options."""
        return {row.values for row in self.rows} == set(self.combinations())

    def with_grid(self) -> "Editor":
        """The same with one row for each combination; rows that fit keep what was typed."""
        wanted = self.combinations()
        known = {row.values: row for row in self.rows if row.values in wanted}
        taken = {row.cells.get("sku", "") for row in known.values()}
        first = self.rows[0].cells if self.rows else {}
        rows = []
        for number, values in enumerate(wanted, start=1):
            fresh = {name: first.get(name, "") for name in ("price", "list_price", "weight_g")}
            fresh |= {"sku": _sku(first.get("sku", ""), number, taken), "was": "0"}
            rows.append(known.get(values) or VariantRow(values, on=True, cells=fresh))
        return replace(self, rows=rows)

    def places(self) -> list[int]:
        """For each variant that is offered, its line in the grid."""
        return [at for at, row in enumerate(self.rows) if row.on]


def _sku(first: str, number: int, taken: Collection[str]) -> str:
    """A SKU for a new combination: the first one's with a number behind it."""
    base = re.sub(r"-\d+$", "", first)
    while base and f"{base}-{number}" in taken:
        number += GRID_MAX
    return f"{base}-{number}" if base else ""


@dataclass(slots=True)
class Read:
    """What the fields make: the product, changes of stock and thresholds by SKU; and what is wrong so far."""

    data: ProductData
    stock: dict[str, int] = field(default_factory=dict)
    low_at: dict[str, int] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def wrong(self, name: str, problem: str) -> None:
        """Note a field that cannot be read."""
        self.refusals.append(Refusal(BAD_VALUE, field=name, problem=problem))


def blank() -> Editor:
    """A new product: no options, one variant."""
    return Editor(DEFAULTS, [("", "")] * OPTIONS_MAX, [VariantRow((), on=True, cells={"was": "0"})])


def of_product(product: Product, supplies: Mapping[str, Supply]) -> Editor:
    """The form of a stored product."""
    texts = {name: getattr(product, name) for name in ("title", "subtitle", "brand", "description", "slug")}
    texts |= {
        "category": str(product.category_id),
        "kind": product.kind,
        "return_rule": product.return_rule,
        "parameters": pairs_text(tuple((p["name"], p["value"]) for p in product.parameters)),
        "add_ons": pairs_text(tuple((a.name, a.price) for a in product.add_ons.filter(is_active=True)), priced=True),
        "ship_within_hours": str(product.ship_within_hours),
        "arrives_min": str(product.arrives_days_min),
        "arrives_max": str(product.arrives_days_max),
        "return_days": "" if product.return_days is None else str(product.return_days),
        "limit_per_order": "" if product.limit_per_order is None else str(product.limit_per_order),
        "limit_per_person": "" if product.limit_per_person is None else str(product.limit_per_person),
        "waiting_room": "1" if product.waiting_room else "",
    }
    options = [(option["name"], "，".join(option["values"])) for option in product.options]
    variants = list(product.variants.filter(is_active=True))
    rows = []
    for variant in variants:
        supply = supplies.get(variant.supply_key)
        cells = {
            "sku": variant.sku,
            "price": price_text(variant.price),
            "list_price": price_text(variant.list_price),
            "stock": str(supply.free if supply else 0),
            "was": str(supply.free if supply else 0),
            "low_at": str(supply.low_at if supply else 0),
            "weight_g": str(variant.weight_g),
            "barcode": variant.barcode,
        }
        rows.append(VariantRow(tuple(variant.values), on=True, cells=cells))
    skus = {v.pk: v.sku for v in variants}
    pictures = [
        PictureRow(
            key=str(p.picture_id or ""),
            source=p.source,
            alt=p.alt,
            sku=skus.get(p.variant_id or 0, ""),
            position=str(at),
        )
        for at, p in enumerate(product.pictures.all(), start=1)
    ]
    padded = [*options, *[("", "")] * (OPTIONS_MAX - len(options))]
    found = Editor(texts, padded, rows, pictures)
    # Combinations that the shop does not offer stand in the grid too, switched off.
    offered = {row.values for row in rows}
    whole = found.with_grid()
    return replace(whole, rows=[r if r.values in offered else replace(r, on=False) for r in whole.rows])


def of_post(post: QueryDict) -> Editor:
    """What was typed."""
    texts = {name: post.get(name, "") for name in (*TEXTS, *NUMBERS, *TICKS)}
    options = [(post.get(f"option-{at}-name", ""), post.get(f"option-{at}-values", "")) for at in range(OPTIONS_MAX)]
    rows = []
    for at in range(min(asked.whole(post.get("rows", "")) or 0, GRID_MAX)):
        cells = {name: post.get(f"v{at}-{name}", "") for name in CELLS}
        rows.append(VariantRow(tuple(post.getlist(f"v{at}-value")), on=bool(post.get(f"v{at}-on")), cells=cells))
    pictures = []
    for at in range(min(asked.whole(post.get("shots", "")) or 0, 40)):
        told = {name: post.get(f"p{at}-{name}", "") for name in ("key", "source", "alt", "sku", "position")}
        pictures.append(PictureRow(**told, keep=not post.get(f"p{at}-drop")))
    kept = [p for p in pictures if p.keep]
    ordered = sorted(kept, key=lambda p: n if (n := asked.whole(p.position)) is not None else 999)
    return Editor(texts, options, rows or blank().rows, ordered)


def read(editor: Editor) -> Read:
    """The product that the fields make; what cannot be read is in ``refusals``."""
    found = Read(ProductData(title="", category_id=0, variants=()))
    texts = editor.texts
    numbers = {name: _number(found, name, texts.get(name, ""), DEFAULTS.get(name)) for name in NUMBERS}
    found.data = ProductData(
        title=texts.get("title", ""),
        category_id=asked.whole(texts.get("category", "")) or 0,
        slug=texts.get("slug", ""),
        subtitle=texts.get("subtitle", ""),
        description=texts.get("description", ""),
        brand=texts.get("brand", ""),
        options=editor.option_data(),
        variants=_variants(editor, found),
        parameters=_lines(found, "parameters", texts.get("parameters", "")),
        add_ons=_add_ons(found, texts.get("add_ons", "")),
        pictures=tuple(PictureData(asked.key(p.key), p.source, p.alt, p.sku) for p in editor.pictures),
        ship_within_hours=numbers["ship_within_hours"] or 0,
        arrives_days=(numbers["arrives_min"] or 0, numbers["arrives_max"] or 0),
        return_rule=texts.get("return_rule", ""),
        return_days=numbers["return_days"],
        limit_per_order=numbers["limit_per_order"],
        limit_per_person=numbers["limit_per_person"],
        waiting_room=bool(texts.get("waiting_room")),
        kind=texts.get("kind", "") or SHIP,
    )
    return found


def _number(found: Read, name: str, text: str, default: str | None) -> int | None:
    if not text.strip():
        return asked.whole(default) if default else None
    value = asked.whole(text)
    if value is None or not 0 <= value <= 32_000:
        found.wrong(name, NO_NUMBER)
        return None
    return value


def _variants(editor: Editor, found: Read) -> tuple[VariantData, ...]:
    variants = []
    for at in editor.places():
        row = editor.rows[at]
        cells = row.cells
        sku = clean(cells.get("sku", ""))
        price, before = asked.money(cells.get("price", "")), asked.money(cells.get("list_price", ""))
        if price is None:
            found.wrong(f"row.{at}.price", NO_PRICE)
        if before is None and cells.get("list_price", "").strip():
            found.wrong(f"row.{at}.list_price", NO_PRICE)
        told = {name: asked.whole(cells.get(name, "") or "0") for name in ("stock", "was", "low_at", "weight_g")}
        for name in ("stock", "low_at", "weight_g"):
            value = told[name]
            if value is None or value < 0:
                found.wrong(f"row.{at}.{name}", NO_NUMBER)
        if cells.get("stock", "").strip():
            found.stock[sku] = (told["stock"] or 0) - (told["was"] or 0)
        if cells.get("low_at", "").strip():
            found.low_at[sku] = told["low_at"] or 0
        variants.append(
            VariantData(sku, price or 0, row.values, before, max(told["weight_g"] or 0, 0), cells.get("barcode", ""))
        )
    return tuple(variants)


def _lines(found: Read, name: str, text: str) -> tuple[tuple[str, str], ...]:
    try:
        return pairs(text)
    except Refusal as refusal:
        found.refusals.append(Refusal(refusal.code, field=name, **refusal.facts))
        return ()


def _add_ons(found: Read, text: str) -> tuple[AddOnData, ...]:
    try:
        return tuple(AddOnData(name, price) for name, price in priced_pairs(text))
    except Refusal as refusal:
        found.refusals.append(Refusal(refusal.code, field="add_ons", **refusal.facts))
        return ()


def in_grid(refusal: Refusal, editor: Editor) -> Refusal:
    """The same with its field as the form calls it: a line of the grid instead of a place among the offered ones."""
    first, _, rest = (refusal.field or "").partition(".")
    place, _, cell = rest.partition(".")
    places = editor.places()
    name = refusal.field
    if first == "variants" and place.isdecimal() and int(place) < len(places):
        name = f"row.{places[int(place)]}.{cell}"
    elif first == "options" and place.isdecimal():
        name = f"option.{place}.{cell}"
    elif first in ("parameters", "add_ons", "pictures"):
        name = first
    return Refusal(refusal.code, field=name, **refusal.facts)
