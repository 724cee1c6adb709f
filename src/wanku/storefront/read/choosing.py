"""Choosing what is not goods on a product's page: nights, seats, an hour, dishes, an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from wanku.catalog.models import Product
from wanku.kernel.money import Money
from wanku.kernel.refusal import Refusal
from wanku.kinds.forms import choice_text, collect
from wanku.kinds.kind import Fact, Kind
from wanku.kinds.notice_words import notice_words
from wanku.kinds.registry import KINDS
from wanku.kinds.shown import described
from wanku.pricing.load import load_offers, load_picks
from wanku.pricing.quote import QUANTITY_MAX, Extra, Offer, PricedLine, Quote, Wish, quote
from wanku.storefront.read.frozen import freight_text
from wanku.storefront.read.price_rows import Row, coming_row, extra_rows, part_rows


@dataclass(frozen=True, slots=True)
class Choosing:
    """What the page shows of a kind.

    Attributes:
        shown: what the kind's own template needs (`wanku.kinds.kind.Kind.show`).
        asked: what was typed, last values by name; all add-ons, with commas.
        rows, total: price composition of what is chosen, as ``{% money_table %}`` takes them; empty before.
        refusals: what stands in the way; nothing is said before anything was chosen.
        facts: what is chosen, in words.
        notice: what cancelling will cost, in words.
    """

    kind: Kind
    shown: Mapping[str, Any]
    asked: Mapping[str, str]
    variant_id: int | None
    quantity: int
    extras: Sequence[Extra]
    add_ons: Sequence[int]
    rows: Sequence[Row]
    total: Money
    refusals: Sequence[Refusal]
    facts: Sequence[Fact]
    notice: Sequence[str]

    @property
    def orderable(self) -> bool:
        """Whether it can be ordered as it is chosen now."""
        return bool(self.rows) and not self.refusals


def read_choosing(product: Product, given: QueryDict, *, now: datetime) -> Choosing | None:
    """What can be chosen and what the choice costs; none for goods.

    Parameters: ``variant``, ``quantity``, ``add_on`` (repeated) and ``choice.…`` as the kind names them.
    """
    kind = KINDS.get(product.kind)
    if kind is None:
        return None
    asked = {name: ",".join(given.getlist(name)) if name == "add_on" else str(given.get(name, "")) for name in given}
    offers = load_offers([variant.pk for variant in product.variants.all() if variant.is_active])
    wish = _wish(given, offers)
    made = load_picks([wish], offers, address=None, now=now) if wish else None
    priced = quote([wish], offers, {}, province=None, picks=made) if wish and made else None
    line = next((line for part in priced.parts for line in part.lines), None) if priced else None
    touched = any(name.startswith("choice.") for name in given)
    # Where to is not known here; the checkout asks.
    refusals = [no for no in priced.refusals if not (no.field or "").startswith("address")] if priced else []
    return Choosing(
        kind=kind,
        shown=kind.show(product.pk, asked, now=now),
        asked=asked,
        variant_id=wish.variant_id if wish else None,
        quantity=wish.quantity if wish else 1,
        extras=next((offer.extras for offer in offers.values()), ()),
        add_ons=wish.add_ons if wish else (),
        rows=_rows(priced, line) if priced and line else [],
        total=Money(priced.total if priced else 0, product.currency),
        refusals=refusals if touched or line else [],
        facts=described(product.kind, line.choice) if line else [],
        notice=notice_words(line.pick.terms.get("cancellation", ())) if line and line.pick else [],
    )


def _wish(given: QueryDict, offers: Mapping[int, Offer]) -> Wish | None:
    """The wish of the form; the first variant that is on offer where none was chosen."""
    able = [pk for pk, offer in offers.items() if offer.sellable]
    wanted = next((pk for pk in able if str(pk) == given.get("variant", "")), None) or next(iter(able), None)
    if wanted is None:
        return None
    known = {extra.id for extra in offers[wanted].extras}
    add_ons = {int(t) for t in given.getlist("add_on") if t.isascii() and t.isdigit() and len(t) < 19}
    text = given.get("quantity", "1")
    quantity = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    quantity = max(1, min(quantity, QUANTITY_MAX))
    return Wish(wanted, quantity, tuple(sorted(add_ons & known)), choice_text(collect(given, "choice")))


def _rows(priced: Quote, line: PricedLine) -> list[Row]:
    part, currency = priced.parts[0], priced.currency
    rows = [
        *part_rows(line.offer.kind, line.pick.parts if line.pick else (), currency, line.quantity),
        *extra_rows(((extra.name, extra.price) for extra in line.add_ons), currency, line.quantity),
    ]
    if part.freight:
        rows.append(coming_row(part.freight, freight_text(part.freight_reason, currency, part.kind), currency))
    return rows
