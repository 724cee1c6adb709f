"""What taking over a file would do, product by product; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from wanku.catalog.models import Category, ImportFile, Product, Variant
from wanku.catalog.rules import ProductData, check
from wanku.catalog.save_product import tidy
from wanku.catalog.sheets.parse import parse
from wanku.catalog.sheets.products import Fault, Sheet, SheetProduct, equal, merged
from wanku.catalog.sheets.read_table import read_table
from wanku.catalog.sheets.refusals import OPTION_VALUE_MISSING, SKU_ELSEWHERE, UNKNOWN_CATEGORY
from wanku.files.models import Picture
from wanku.flows.selling._product import check_kindness, check_standing
from wanku.flows.selling._sheet import address_of, data_of, known_pictures, load_sheet, picture_id_in
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Merchant

# Where `wanku.catalog.rules.check` calls a field otherwise than the table does.
COLUMN_OF = {
    "arrives_days": "arrives_days_min",
    "values": "option1_value",
    "options": "option1_name",
    "variants": "sku",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One product of the file.

    Attributes:
        verb: ``create``, ``update`` or ``same``.
        now: what is there, or none.
        after: what would be there.
        data: the same for the catalogue.
    """

    verb: str
    product: Product | None
    now: SheetProduct | None
    after: SheetProduct
    data: ProductData


@dataclass(slots=True)
class Plan:
    """Steps by handle, and every fault of the file, by row."""

    sheet: Sheet
    steps: dict[str, Step] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def count(self, verb: str) -> int:
        """How many steps do that."""
        return sum(step.verb == verb for step in self.steps.values())

    @property
    def skipped(self) -> int:
        """Products that are left out because of a fault."""
        return len({fault.handle for fault in self.faults})


@dataclass(slots=True)
class _Shop:
    """What the steps need to know, read in a fixed number of queries."""

    merchant: Merchant
    fallback: Category | None
    known: Mapping[str, tuple[Product, SheetProduct]]
    categories: Mapping[str, Category]
    skus: Mapping[str, tuple[str, str]]
    owned: Mapping[UUID, str]


def plan_import(file: ImportFile, *, only: Sequence[str] | None = None) -> Plan:
    """Read the file and compare it with the shop.

    Args:
        only: handles to plan; all when none.

    Raises:
        Refusal: when the file as a whole cannot be read.
    """
    sheet = parse(read_table(bytes(file.content)))
    chosen = sheet.products if only is None else tuple(p for p in sheet.products if p.handle in set(only))
    shop = _read(file, chosen)
    plan = Plan(sheet, faults=list(sheet.faults))
    for told in chosen:
        faults = _Faults(sheet, told)
        step = _step(told, shop, faults)
        if step is not None and not faults.found:
            plan.steps[told.handle] = step
        plan.faults += faults.found
    plan.faults.sort(key=lambda fault: fault.row)
    return plan


def _read(file: ImportFile, products: Sequence[SheetProduct]) -> _Shop:
    merchant_id = file.merchant_id
    skus = [v.sku for p in products for v in p.variants]
    rows = Variant.objects.filter(merchant_id=merchant_id, sku__in=skus).values_list(
        "sku", "product__slug", "product__title"
    )
    addresses = [address for p in products for address, _ in p.fields.get("pictures", ())]
    named = {found for address in addresses if (found := picture_id_in(address)) is not None}
    pictures = Picture.objects.filter(pk__in=named, owner=f"merchant:{merchant_id}", is_public=True)
    return _Shop(
        merchant=Merchant.objects.get(pk=merchant_id),
        fallback=file.fallback,
        known=load_sheet(merchant_id, handles=[p.handle for p in products]),
        categories=categories_by_word(),
        skus={sku: (slug, title) for sku, slug, title in rows},
        owned={p.pk: p.path(960) for p in pictures},
    )


def categories_by_word() -> dict[str, Category]:
    """Open categories by path, slug and every name, in lower case; a name that two share names neither."""
    found: dict[str, Category] = {}
    twice = set()
    for category in Category.objects.filter(is_open=True):
        for word in {str(name).lower() for name in category.names.values()}:
            twice |= {word} & found.keys()
            found.setdefault(word, category)
    found = {word: category for word, category in found.items() if word not in twice}
    for category in Category.objects.filter(is_open=True):
        found |= {category.slug: category, category.path: category}
    return found


@dataclass(slots=True)
class _Faults:
    sheet: Sheet
    told: SheetProduct
    found: list[Fault] = field(default_factory=list)

    def wrong(self, row: int, column: str, refusal: Refusal) -> None:
        heading = self.sheet.headings.get(column, column)
        self.found.append(Fault(row or self.told.row, heading, self.told.handle, refusal))


def _step(told: SheetProduct, shop: _Shop, faults: _Faults) -> Step | None:
    product, now = shop.known.get(told.handle, (None, None))
    category = _category(told, shop, product, faults)
    if category is None:
        return None
    fields: dict[str, Any] = {**told.fields, "category": category.path}
    if "pictures" in fields:
        shown = known_pictures(product)
        fields["pictures"] = tuple((address_of(shown[a]) if a in shown else a, alt) for a, alt in fields["pictures"])
    if product is not None and fields.get("state") == "draft" and product.state != "draft":
        # What was once offered cannot become a draft again; it is taken off.
        fields["state"] = "off"
    after = merged(now, replace(told, fields=fields))
    data = tidy(data_of(after, category_id=category.pk, product=product, owned=shop.owned))
    for variant in told.variants:
        if len(after.options or ()) and told.options is None and (now is None or variant.sku not in _skus(now)):
            faults.wrong(variant.row, "sku", Refusal(OPTION_VALUE_MISSING, option=(after.options or ("",))[0]))
    _check(data, after, category, shop, faults)
    if now is not None and equal(now, after):
        return Step("same", product, now, after, data)
    return Step("create" if now is None else "update", product, now, after, data)


def _skus(product: SheetProduct) -> set[str]:
    return {v.sku for v in product.variants}


def _category(told: SheetProduct, shop: _Shop, product: Product | None, faults: _Faults) -> Category | None:
    """The category that the file names, else the product's own, else the one for all others."""
    name = told.fields.get("category", "")
    found = shop.categories.get(name.lower()) if name else None
    if found is not None:
        return found
    if product is not None and (not name or shop.fallback is not None or faults.sheet.form == "shopify"):
        return product.category
    if shop.fallback is not None:
        return shop.fallback
    example = next(iter(c.path for c in shop.categories.values() if "/" in c.path), "home")
    faults.wrong(told.row, "category", Refusal(UNKNOWN_CATEGORY, value=name, example=example))
    return None


def _check(data: ProductData, after: SheetProduct, category: Category, shop: _Shop, faults: _Faults) -> None:
    for refusal in check(data, category_days=category.return_days):
        first, *rest = (refusal.field or "").split(".")
        row = 0
        if first == "variants" and len(rest) == 2:
            row, first = after.variants[int(rest[0])].row, rest[1]
        faults.wrong(row, COLUMN_OF.get(first, first), refusal)
    try:
        check_kindness(data, category)
    except Refusal as refusal:
        faults.wrong(0, "return_rule", refusal)
    if after.fields.get("state") == "on_sale" and (faults.told.fields.get("state") == "on_sale"):
        try:
            check_standing(shop.merchant)
        except Refusal as refusal:
            faults.wrong(0, "state", refusal)
    for variant in after.variants:
        slug, title = shop.skus.get(variant.sku, (after.handle, ""))
        if slug != after.handle:
            faults.wrong(variant.row, "sku", Refusal(SKU_ELSEWHERE, sku=variant.sku, title=title))
