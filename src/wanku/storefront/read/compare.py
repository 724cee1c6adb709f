"""Up to four products side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wanku.catalog.models import Product
from wanku.kernel.money import Money
from wanku.storefront.read.cards import Card, cards, for_cards
from wanku.storefront.read.terms import promise, return_words
from wanku.ui.words import day_text, money_text, number_text

COMPARED_MAX = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``differs`` when the products are not all alike in it."""

    label: str
    values: Sequence[str]

    @property
    def differs(self) -> bool:
        """Whether it helps to choose."""
        return len(set(self.values)) > 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page shows; values stand in the order of the cards."""

    cards: Sequence[Card]
    rows: Sequence[Row]


def compare(ids: Sequence[int], now: datetime) -> Comparison:
    """Read products by id, in the order given; those that are not offered are left out. Two queries."""
    offered = for_cards(Product.objects.on_sale()).select_related("merchant", "category")
    by_id = {product.pk: product for product in offered.filter(pk__in=list(ids)[:COMPARED_MAX])}
    products = [by_id[key] for key in dict.fromkeys(ids) if key in by_id]
    [shown] = cards(products)
    return Comparison(shown, [*_facts(products, now), *_parameters(products)])


def _facts(products: Sequence[Product], now: datetime) -> list[Row]:
    return [
        Row(_("Price"), [_price(p) for p in products]),
        Row(_("Rating"), [_rating(p) for p in products]),
        Row(_("Sold"), [number_text(p.sold_count) for p in products]),
        Row(_("Shop"), [p.merchant.name for p in products]),
        Row(_("Brand"), [p.brand or "—" for p in products]),
        Row(_("Arrives"), [_arrival(p, now) for p in products]),
        Row(_("Returns"), [return_words(p.return_terms()).title for p in products]),
        *_options(products),
    ]


def _options(products: Sequence[Product]) -> list[Row]:
    named = [{o["name"]: " · ".join(o["values"]) for o in p.options} for p in products]
    names = dict.fromkeys(name for options in named for name in options)
    return [Row(name, [options.get(name, "—") for options in named]) for name in names]


def _parameters(products: Sequence[Product]) -> list[Row]:
    """Parameters by name; those that more products have come first, since they can be compared."""
    named = [{p["name"]: p["value"] for p in product.parameters} for product in products]
    names = dict.fromkeys(name for parameters in named for name in parameters)
    rows = [Row(name, [parameters.get(name, "—") for parameters in named]) for name in names]
    return sorted(rows, key=lambda row: row.values.count("—"))


def _price(product: Product) -> str:
    low = money_text(Money(product.price_min, product.currency))
    if product.price_max == product.price_min:
        return low
    return f"{low} – {money_text(Money(product.price_max, product.currency))}"


def _rating(product: Product) -> str:
    if product.rating is None:
        return _("No reviews yet")
    reviews = ngettext("%(rating).1f (%(n)s review)", "%(rating).1f (%(n)s reviews)", product.rating_count)
    return reviews % {"rating": product.rating, "n": number_text(product.rating_count)}


def _arrival(product: Product, now: datetime) -> str:
    found = promise(product.ship_within_hours, (product.arrives_days_min, product.arrives_days_max), now)
    return f"{day_text(found.first)} – {day_text(found.last)}"
