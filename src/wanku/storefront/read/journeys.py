"""Searching journeys: what was asked for, and what there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from wanku.catalog.models import Product, ProductPicture
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.kernel.money import Money, from_major
from wanku.kernel.text import clean
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.rules import PLACE_MAX
from wanku.kinds.seat.search import Sort, Sought, search
from wanku.kinds.seat.show import Shown, shown_of, with_cabins
from wanku.storefront.read.cards import product_url

PAGE_SIZE = 20
PEOPLE_MAX = 99
CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Found:
    """A departure that fits, the price of the cabin that does, and where to choose it."""

    shown: Shown
    product: Product
    picture: Picture | None
    cost: Money
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for; what could not be read is named and left out.

    Attributes:
        budget: as it was typed.
    """

    sought: Sought
    budget: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for."""
        return self.sought != Sought(sort=self.sought.sort)


def asked(given: QueryDict) -> Asked:
    """Read the parameters: ``from``, ``to``, ``day``, ``only``, ``people``, ``budget`` (yuan), ``sort``."""
    problems: dict[str, str] = {}
    budget = given.get("budget", "")[:20].strip()
    sort = given.get("sort", "")
    sought = Sought(
        origin=clean(given.get("from", ""))[:PLACE_MAX],
        destination=clean(given.get("to", ""))[:PLACE_MAX],
        day=_day(given.get("day", ""), problems),
        only_day=given.get("only") == "1",
        people=_people(given.get("people", "")),
        budget=_budget(budget, problems),
        sort=Sort(sort) if sort in list(Sort) else Sort.TIME,
    )
    return Asked(sought, budget, problems)


def journeys(ask: Asked, page: str | None, *, now: datetime) -> tuple[Page[Departure], Sequence[Found]]:
    """A page of what fits: six statements, whatever is on it."""
    paginator = Paginator(search(ask.sought, now=now), PAGE_SIZE)
    found = paginator.get_page(page)
    priced: Sequence[Any] = list(found)
    costs = {row.pk: row.cost for row in priced}
    rows = list(with_cabins(Departure.objects.filter(pk__in=costs)))
    order = {pk: place for place, pk in enumerate(costs)}
    rows.sort(key=lambda row: order[row.pk])
    products = {p.pk: p for p in Product.objects.filter(pk__in={r.product_id for r in rows}).select_related("merchant")}
    pictures = _covers(list(products))
    return found, [
        _found(shown, products[shown.row.product_id], pictures, costs[shown.row.pk], ask.sought)
        for shown in shown_of(rows)
    ]


def _found(shown: Shown, product: Product, pictures: Mapping[int, Picture], cost: int, sought: Sought) -> Found:
    fits = [b for b in shown.berths if b.free >= sought.people and b.price.amount == cost]
    chosen = {"choice.departure": shown.row.pk, "quantity": sought.people}
    if fits:
        chosen["variant"] = fits[0].variant_id
    url = f"{product_url(product)}?{urlencode(chosen)}#departures"
    return Found(shown, product, pictures.get(product.pk), Money(cost, product.currency), url)


def _covers(products: Sequence[int]) -> dict[int, Picture]:
    rows = ProductPicture.objects.filter(product__in=products, picture_id__isnull=False).order_by("-position", "-id")
    # The first one stays: later rows overwrite earlier ones.
    return {row.product_id: picture for row in rows if (picture := stand_in(row.picture_id))}


def _day(text: str, problems: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems["day"] = _("Choose a day.")
        return None


def _people(text: str) -> int:
    return max(1, min(int(text), PEOPLE_MAX)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _budget(text: str, problems: dict[str, str]) -> int | None:
    if not text:
        return None
    try:
        amount = from_major(Decimal(text.replace(",", "").removeprefix("¥")), CURRENCY).amount
    except (ArithmeticError, ValueError):
        amount = 0
    if amount <= 0:
        problems["budget"] = _("Type an amount such as 99 or 99.50.")
        return None
    return amount
