"""What a product may be: pure checks that name every field that is wrong."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from wanku.kernel.money import AMOUNT_MAX
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop

TITLE_MAX, SUBTITLE_MAX, BRAND_MAX, DESCRIPTION_MAX = 120, 200, 60, 20_000
SLUG_MAX = 80
OPTIONS_MAX, VALUES_MAX, OPTION_NAME_MAX, VALUE_MAX = 3, 50, 20, 40
VARIANTS_MAX, SKU_MAX, BARCODE_MAX = 200, 60, 40
PARAMETERS_MAX, PARAMETER_NAME_MAX, PARAMETER_VALUE_MAX = 40, 40, 200
ADD_ONS_MAX, ADD_ON_NAME_MAX = 12, 60
PICTURES_MAX = 12
SHIP_HOURS_MAX = 48
# A pre-sale says its later date on the page; fifteen days is the longest that the platform accepts.
PRE_SALE_HOURS_MAX = 360
ARRIVES_DAYS_MAX = 60
RETURN_DAYS_MAX = 90
WEIGHT_MAX = 1_000_000
LIMIT_MAX = 999

# From kind to unkind for the buyer. "Never" and "excludable" are facts of the goods (made to order, opened), so a
# merchant may state them where the category is silent; the page then says so before the purchase.
RETURN_RULES: Final = ("", "no_reason", "excludable", "never")
_SKU = re.compile(r"[^\s/\\]+( [^\s/\\]+)*")


@dataclass(frozen=True, slots=True)
class OptionData:
    """Something to choose, e.g. a colour, and what there is."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VariantData:
    """One configuration; prices in minor units, weight in grams.

    Attributes:
        values: one value of each option, in the order of the options.
    """

    sku: str
    price: int
    values: tuple[str, ...] = ()
    list_price: int | None = None
    weight_g: int = 0
    barcode: str = ""


@dataclass(frozen=True, slots=True)
class AddOnData:
    """An extra with its price per piece, minor units."""

    name: str
    price: int


@dataclass(frozen=True, slots=True)
class PictureData:
    """A picture in its place: stored, or only the address that it had where it came from.

    Attributes:
        sku: the variant that it shows, if it shows one.
    """

    picture_id: UUID | None = None
    source: str = ""
    alt: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class ProductData:
    """A product as a form or an import has it.

    Attributes:
        slug: in the address; made from the title when empty.
        return_rule, return_days: empty and none mean the category's.
        limit_per_order, limit_per_person, waiting_room: as in `wanku.catalog.models.Product`.
        currency: ISO 4217.
        kind: of a new product, as in `wanku.kinds.registry`; one that exists keeps its own.
    """

    title: str
    category_id: int
    variants: tuple[VariantData, ...]
    slug: str = ""
    subtitle: str = ""
    description: str = ""
    brand: str = ""
    options: tuple[OptionData, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    add_ons: tuple[AddOnData, ...] = ()
    pictures: tuple[PictureData, ...] = ()
    ship_within_hours: int = 48
    arrives_days: tuple[int, int] = (2, 5)
    return_rule: str = ""
    return_days: int | None = None
    limit_per_order: int | None = None
    limit_per_person: int | None = None
    waiting_room: bool = False
    currency: str = "CNY"
    kind: str = "ship"


@dataclass(slots=True)
class _Found:
    """Collects what is wrong."""

    refusals: list[Refusal] = field(default_factory=list)

    def wrong(self, name: str, problem: str) -> None:
        self.refusals.append(Refusal(BAD_VALUE, field=name, problem=problem))

    def unless(self, fine: bool, name: str, problem: str) -> None:  # noqa: FBT001 - reads as a sentence
        if not fine:
            self.wrong(name, problem)


def check(data: ProductData, *, category_days: int = 0) -> list[Refusal]:
    """Everything that is wrong with a product, each with its field (``title``, ``variants.2.price`` …).

    Args:
        category_days: the return window that the category promises; a product may only be kinder.
    """
    found = _Found()
    _check_texts(data, found)
    _check_promise(data, found, category_days)
    _check_options(data.options, found)
    _check_variants(data.variants, data.options, found)
    _check_extras(data, found)
    return found.refusals


def _check_texts(data: ProductData, found: _Found) -> None:
    found.unless(1 <= len(data.title) <= TITLE_MAX, "title", gettext_noop("The title needs 1 to 120 characters."))
    found.unless(len(data.subtitle) <= SUBTITLE_MAX, "subtitle", gettext_noop("At most 200 characters."))
    found.unless(len(data.brand) <= BRAND_MAX, "brand", gettext_noop("At most 60 characters."))
    found.unless(len(data.description) <= DESCRIPTION_MAX, "description", gettext_noop("At most 20,000 characters."))
    found.unless(len(data.slug) <= SLUG_MAX, "slug", gettext_noop("At most 80 characters."))
    found.unless(
        re.fullmatch(r"[A-Z]{3}", data.currency) is not None,
        "currency",
        gettext_noop("Use a currency code of three capital letters, such as CNY."),
    )
    found.unless(len(data.parameters) <= PARAMETERS_MAX, "parameters", gettext_noop("At most 40 parameters."))
    for i, (name, value) in enumerate(data.parameters[:PARAMETERS_MAX]):
        fine = 1 <= len(name) <= PARAMETER_NAME_MAX and 1 <= len(value) <= PARAMETER_VALUE_MAX
        found.unless(
            fine,
            f"parameters.{i}",
            gettext_noop("A parameter needs a name of up to 40 characters and a value of up to 200."),
        )


def _check_promise(data: ProductData, found: _Found, category_days: int) -> None:
    found.unless(
        1 <= data.ship_within_hours <= PRE_SALE_HOURS_MAX,
        "ship_within_hours",
        gettext_noop("Ship within 1 to 48 hours, or up to 360 hours for a pre-sale."),
    )
    low, high = data.arrives_days
    found.unless(
        0 <= low <= high <= ARRIVES_DAYS_MAX,
        "arrives_days",
        gettext_noop("From 0 to 60 days, the earlier day first."),
    )
    found.unless(
        data.return_rule in RETURN_RULES, "return_rule", gettext_noop("Choose from the rules that are offered.")
    )
    if data.return_days is not None:
        found.unless(
            category_days <= data.return_days <= RETURN_DAYS_MAX,
            "return_days",
            gettext_noop("Not fewer days than the category promises, and at most 90."),
        )
    if data.limit_per_order is not None:
        found.unless(1 <= data.limit_per_order <= LIMIT_MAX, "limit_per_order", gettext_noop("From 1 to 999 pieces."))
    if data.limit_per_person is not None:
        found.unless(1 <= data.limit_per_person <= LIMIT_MAX, "limit_per_person", gettext_noop("From 1 to 999 pieces."))


def _check_options(options: Sequence[OptionData], found: _Found) -> None:
    found.unless(len(options) <= OPTIONS_MAX, "options", gettext_noop("At most three options."))
    names = [option.name for option in options]
    for i, option in enumerate(options[:OPTIONS_MAX]):
        found.unless(
            1 <= len(option.name) <= OPTION_NAME_MAX and names.index(option.name) == i,
            f"options.{i}.name",
            gettext_noop("Each option needs its own name of up to 20 characters."),
        )
        fine = 1 <= len(option.values) <= VALUES_MAX and len(set(option.values)) == len(option.values)
        found.unless(
            fine and all(1 <= len(value) <= VALUE_MAX for value in option.values),
            f"options.{i}.values",
            gettext_noop("Each option needs 1 to 50 different values of up to 40 characters."),
        )


def _check_variants(variants: Sequence[VariantData], options: Sequence[OptionData], found: _Found) -> None:
    found.unless(1 <= len(variants) <= VARIANTS_MAX, "variants", gettext_noop("A product has 1 to 200 variants."))
    repeated = _repeated(v.sku for v in variants)
    again = _repeated(v.values for v in variants)
    for i, variant in enumerate(variants[:VARIANTS_MAX]):
        at = f"variants.{i}"
        fine = 1 <= len(variant.sku) <= SKU_MAX and _SKU.fullmatch(variant.sku) is not None
        found.unless(
            fine,
            f"{at}.sku",
            gettext_noop("A SKU has 1 to 60 characters, without slashes and without spaces at its ends."),
        )
        found.unless(i not in repeated, f"{at}.sku", gettext_noop("This SKU stands in the list twice."))
        fits = len(variant.values) == len(options) and all(
            value in option.values for value, option in zip(variant.values, options, strict=False)
        )
        found.unless(fits, f"{at}.values", gettext_noop("A variant has one value of each option, as listed there."))
        found.unless(i not in again, f"{at}.values", gettext_noop("Two variants have the same values."))
        found.unless(1 <= variant.price <= AMOUNT_MAX, f"{at}.price", gettext_noop("The price must be above zero."))
        found.unless(
            variant.list_price is None or 1 <= variant.list_price <= AMOUNT_MAX,
            f"{at}.list_price",
            gettext_noop("The list price must be above zero, or empty."),
        )
        found.unless(0 <= variant.weight_g <= WEIGHT_MAX, f"{at}.weight_g", gettext_noop("From 0 to 1,000,000 grams."))
        found.unless(len(variant.barcode) <= BARCODE_MAX, f"{at}.barcode", gettext_noop("At most 40 characters."))


def _check_extras(data: ProductData, found: _Found) -> None:
    found.unless(len(data.add_ons) <= ADD_ONS_MAX, "add_ons", gettext_noop("At most twelve add-ons."))
    repeated = _repeated(add_on.name for add_on in data.add_ons)
    for i, add_on in enumerate(data.add_ons[:ADD_ONS_MAX]):
        found.unless(
            1 <= len(add_on.name) <= ADD_ON_NAME_MAX and i not in repeated,
            f"add_ons.{i}.name",
            gettext_noop("Each add-on needs its own name of up to 60 characters."),
        )
        found.unless(
            0 <= add_on.price <= AMOUNT_MAX, f"add_ons.{i}.price", gettext_noop("The price must not be below zero.")
        )
    found.unless(len(data.pictures) <= PICTURES_MAX, "pictures", gettext_noop("At most twelve pictures."))
    skus = {variant.sku for variant in data.variants}
    for i, shown in enumerate(data.pictures[:PICTURES_MAX]):
        found.unless(
            not shown.sku or shown.sku in skus,
            f"pictures.{i}",
            gettext_noop("The picture belongs to a SKU that is not in the list."),
        )
        found.unless(
            shown.picture_id is not None or bool(shown.source),
            f"pictures.{i}",
            gettext_noop("A picture needs a file or an address."),
        )


def _repeated(things: Iterable[object]) -> set[int]:
    """Places of things that stood in the list before."""
    seen: set[object] = set()
    places = set()
    for place, thing in enumerate(things):
        if thing in seen:
            places.add(place)
        seen.add(thing)
    return places


def matches(
    variants: Sequence[VariantData], known: Mapping[int, tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[int, int | None]]:
    """Which stored variant each new one continues, so that carts, orders and stock keep pointing at the same thing.

    The SKU decides; where it is new, the option values do.

    Args:
        known: stored variants, ``{id: (sku, values)}``, those still offered first.

    Yields:
        (place in ``variants``, id or none).
    """
    by_sku = {sku: key for key, (sku, _) in known.items()}
    taken = {by_sku[v.sku] for v in variants if v.sku in by_sku}
    by_values: dict[tuple[str, ...], int] = {}
    for key, (_, values) in known.items():
        if key not in taken:
            by_values.setdefault(values, key)
    for place, variant in enumerate(variants):
        yield place, by_sku[variant.sku] if variant.sku in by_sku else by_values.pop(variant.values, None)
