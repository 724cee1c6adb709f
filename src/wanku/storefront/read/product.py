"""A product's page: what it is, what can be chosen, what it costs, what is promised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max
from django.http import QueryDict
from django.utils.translation import gettext as _

from wanku.catalog.models import Product, ProductPicture, Question, Variant
from wanku.catalog.queries import related
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.kernel.money import Money
from wanku.kernel.refusal import Refusal
from wanku.merchants.states import Capability, capable
from wanku.pricing.load import load_offers, load_templates
from wanku.pricing.quote import QUANTITY_MAX, Extra, MerchantPart, Offer, Wish, quote
from wanku.pricing.reasons import freight_words
from wanku.storefront.read.cards import Card, cards, for_cards
from wanku.storefront.read.reviews import Reviews, product_reviews
from wanku.storefront.read.terms import Promise, Terms, promise, return_words
from wanku.ui.words import money_text

RELATED_SHOWN = 5
QUESTIONS_SIZE = 5
LOW_STOCK = 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the reader has picked so far."""

    variant: Variant
    left: int
    quantity: int
    add_ons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an option, and where choosing it leads.

    Attributes:
        variant_id: the variant to show when it is picked, or none when no variant has it.
        left: pieces of that variant.
    """

    text: str
    checked: bool
    variant_id: int | None
    left: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One option with its values."""

    name: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Cost:
    """What the choice costs; rows as ``{% money_table %}`` takes them."""

    rows: Sequence[Mapping[str, Any]]
    total: Money
    freight_text: str
    refusals: Sequence[Refusal]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Everything that the page shows."""

    product: Product
    pictures: Sequence[Picture]
    variants: Sequence[Mapping[str, Any]]
    choices: Sequence[Choice]
    chosen: Chosen | None
    extras: Sequence[Extra]
    cost: Cost | None
    promise: Promise
    returns: Terms
    sellable: bool
    most: int
    reviews: Reviews
    questions: Page[Question]
    answered_at: datetime | None
    related: Sequence[Card]


def read_product(product: Product, given: QueryDict, now: datetime) -> ProductPage:
    """Read a product's page: sixteen queries besides the product itself, whatever is on it.

    Parameters: ``variant``, ``quantity``, ``add_on`` (repeated), ``reviews`` and ``questions`` (pages),
    ``show`` (which reviews). What does not fit is left out.
    """
    variants = list(product.variants.filter(is_active=True))
    offers = load_offers([variant.pk for variant in variants])
    shown = [p for p in product.pictures.all() if p.picture_id is not None]
    chosen = _chosen(variants, offers, given)
    extras: Sequence[Extra] = next((offer.extras for offer in offers.values()), ())
    offered = for_cards(Product.objects.on_sale())
    questions, answered_at = _questions(product, given.get("questions", "1"))
    [near] = cards(related(product, offered, RELATED_SHOWN))
    return ProductPage(
        product=product,
        pictures=[picture for p in shown if (picture := stand_in(p.picture_id))],
        variants=[_for_script(v, offers[v.pk], product, shown) for v in variants if v.pk in offers],
        choices=_choices(product, variants, offers, chosen),
        chosen=chosen,
        extras=extras,
        cost=_cost(product, offers, chosen) if chosen else None,
        promise=promise(product.ship_within_hours, (product.arrives_days_min, product.arrives_days_max), now),
        returns=return_words(product.return_terms()),
        sellable=product.state == "on_sale" and capable(product.merchant.state, Capability.SELL),
        most=_most(product, chosen),
        reviews=product_reviews(product.pk, page=given.get("reviews", "1"), chosen=given.get("show", "")),
        questions=questions,
        answered_at=answered_at,
        related=near,
    )


def _chosen(variants: Sequence[Variant], offers: Mapping[int, Offer], given: QueryDict) -> Chosen | None:
    """The variant that was asked for, else the first that is left, else the first."""
    free = {v.pk: offers[v.pk].free for v in variants if v.pk in offers}
    wanted = next((v for v in variants if str(v.pk) == given.get("variant", "")), None)
    variant = wanted or next((v for v in variants if free.get(v.pk)), variants[0] if variants else None)
    if variant is None or variant.pk not in offers:
        return None
    known = {extra.id for extra in offers[variant.pk].extras}
    add_ons = {int(t) for t in given.getlist("add_on") if t.isascii() and t.isdigit() and len(t) < 19}
    text = given.get("quantity", "1")
    quantity = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return Chosen(variant, free[variant.pk], max(1, min(quantity, QUANTITY_MAX)), tuple(sorted(add_ons & known)))


def _most(product: Product, chosen: Chosen | None) -> int:
    limits = (product.limit_per_order, product.limit_per_person, chosen.left if chosen else 0)
    return max(1, min(QUANTITY_MAX, *(limit for limit in limits if limit is not None)))


def _choices(
    product: Product, variants: Sequence[Variant], offers: Mapping[int, Offer], chosen: Chosen | None
) -> list[Choice]:
    found = []
    now_values = list(chosen.variant.values) if chosen else []
    for place, option in enumerate(product.options):
        values = []
        for text in option["values"]:
            wished = [*now_values[:place], text, *now_values[place + 1 :]]
            near = [v for v in variants if v.values[place : place + 1] == [text]]
            target = next((v for v in near if v.values == wished), None) or next(iter(near), None)
            left = offers[target.pk].free if target and target.pk in offers else 0
            checked = now_values[place : place + 1] == [text]
            values.append(Value(text, checked, target.pk if target else None, left))
        found.append(Choice(option["name"], values))
    return found


def _for_script(variant: Variant, offer: Offer, product: Product, pictures: Sequence[ProductPicture]) -> dict[str, Any]:
    """A variant as the `variants` part of the front end wants it."""
    was = variant.list_price if variant.list_price and variant.list_price > variant.price else None
    own = next((str(i) for i, p in enumerate(pictures) if p.variant_id == variant.pk), "")
    return {
        "id": str(variant.pk),
        "options": {o["name"]: value for o, value in zip(product.options, variant.values, strict=False)},
        "price": money_text(Money(variant.price, product.currency)),
        "was": money_text(Money(was, product.currency)) if was else "",
        "left": offer.free,
        "picture": own,
    }


def _cost(product: Product, offers: Mapping[int, Offer], chosen: Chosen) -> Cost | None:
    wish = Wish(chosen.variant.pk, chosen.quantity, chosen.add_ons)
    found = quote([wish], offers, load_templates(offers.values()), province=None)
    if not found.parts:
        return Cost([], Money(0, product.currency), "", found.refusals)
    part = found.parts[0]
    words = freight_words(part.freight_reason, lambda amount: money_text(Money(amount, product.currency)))
    return Cost(_rows(product, part, words), Money(found.total, found.currency), words, found.refusals)


def _rows(product: Product, part: MerchantPart, freight: str) -> list[dict[str, Any]]:
    line = part.lines[0]
    pieces = f"× {line.quantity}" if line.quantity > 1 else ""
    rows: list[dict[str, Any]] = [
        {
            "label": _("Price"),
            "note": " ".join(filter(None, [line.offer.label, pieces])),
            "amount": Money(line.offer.price * line.quantity, product.currency),
        }
    ]
    rows += [
        {"label": extra.name, "note": pieces, "amount": Money(extra.price * line.quantity, product.currency)}
        for extra in line.add_ons
    ]
    rows.append({"label": _("Freight"), "note": freight, "amount": Money(part.freight, product.currency)})
    return rows


def _questions(product: Product, page: str) -> tuple[Page[Question], datetime | None]:
    """Answered ones first, newest first; and when the last one was answered."""
    rows = product.questions.filter(is_hidden=False)
    known = rows.order_by().aggregate(count=Count("pk"), last=Max("answered_at"))
    found = rows.order_by(F("answered_at").desc(nulls_last=True), "-asked_at") if known["count"] else rows.none()
    paginator = Paginator(found, QUESTIONS_SIZE)
    paginator.count = known["count"]
    return paginator.get_page(page), known["last"]
