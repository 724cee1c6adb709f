"""Departures at the desk: what leaves when, how full it is, and who is aboard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from wanku.catalog.models import Product, Variant
from wanku.fulfilment.models import Booking
from wanku.inventory.models import Supply
from wanku.kernel.money import Money
from wanku.kinds.kind import Fact
from wanku.kinds.registry import KINDS
from wanku.kinds.seat.models import Cabin, Departure, Passage, SeatTerms
from wanku.kinds.seat.show import with_cabins
from wanku.kinds.seat.states import CANCELLED, OPEN
from wanku.kinds.seat.words import full_day_words, length_words, local, offset_words
from wanku.orders.models import Line
from wanku.orders.sealed import details_of

PAGE_SIZE = 30
ABOARD_MAX = 400


@dataclass(frozen=True, slots=True)
class Deck:
    """A cabin with its seats; ``own`` is the price of this departure alone, if it has one."""

    variant: Variant
    price: Money
    own: int | None
    seats: int
    free: int
    held: int
    sold: int


@dataclass(frozen=True, slots=True)
class Row:
    """A departure as the desk sees it."""

    row: Departure
    day: str
    leaves: str
    arrives: str
    shift: int
    length: str
    zones: str
    decks: Sequence[Deck]
    missing: int
    gone: bool

    @property
    def sold(self) -> int:
        """Paid seats."""
        return sum(deck.sold for deck in self.decks)

    @property
    def seats(self) -> int:
        """All seats."""
        return sum(deck.seats for deck in self.decks)

    @property
    def percent(self) -> int:
        """How full it is."""
        return self.sold * 100 // self.seats if self.seats else 0


@dataclass(frozen=True, slots=True)
class Party:
    """The travellers of one line, masked."""

    line: Line
    state: str
    facts: Sequence[Fact]


def departures(
    merchant_id: int, *, tab: str, product_id: int | None, page: str | None, now: datetime
) -> tuple[Page[Departure], list[Row]]:
    """Departures of a shop: those to come, those that have left, or those that were called off."""
    rows = Departure.objects.filter(merchant_id=merchant_id)
    if product_id is not None:
        rows = rows.filter(product_id=product_id)
    if tab == "cancelled":
        rows = _ordered(rows.filter(state=CANCELLED), "-starts_at")
    elif tab == "past":
        rows = _ordered(rows.filter(starts_at__lte=now).exclude(state=CANCELLED), "-starts_at")
    else:
        rows = _ordered(rows.filter(starts_at__gt=now).exclude(state=CANCELLED), "starts_at")
    found = Paginator(rows, PAGE_SIZE).get_page(page)
    return found, rows_of(list(found), now=now)


def departure(merchant_id: int, departure_id: int, *, now: datetime) -> Row | None:
    """One departure, whatever its state."""
    found = list(with_cabins(Departure.objects.filter(merchant_id=merchant_id, pk=departure_id)))
    return rows_of(found, now=now)[0] if found else None


def rows_of(found: Sequence[Departure], *, now: datetime) -> list[Row]:
    """Departures with their seats: one statement."""
    keys = [row.key(cabin.variant_id) for row in found for cabin in row.cabins.all()]
    counters = {supply.key: supply for supply in Supply.objects.filter(key__in=keys)} if keys else {}
    return [_row(row, counters, now) for row in found]


def aboard(row: Departure) -> list[Party]:
    """Who has paid seats, masked, and whether they were checked in."""
    paid = Passage.objects.filter(departure=row, standing=Passage.PAID).values_list("pk", flat=True)[:ABOARD_MAX]
    lines = list(Line.objects.filter(pk__in=list(paid)).select_related("order__trade").order_by("order__paid_at", "pk"))
    orders = {line.order_id for line in lines}
    states = dict(Booking.objects.filter(order_id__in=orders).values_list("order_id", "state"))
    return [
        Party(line, states.get(line.order_id, ""), KINDS[line.kind].mask(details_of(line)))
        for line in lines
        if line.standing
    ]


def terms(product: Product) -> SeatTerms | None:
    """What holds for all departures of a product."""
    return SeatTerms.objects.filter(pk=product.pk).first()


def latest(product: Product) -> Departure | None:
    """The departure that was made last, from which the next ones take what they do not say."""
    return Departure.objects.filter(product=product).prefetch_related("cabins").order_by("-pk").first()


def kind_label(state: str) -> str:
    """The word for a booking's state."""
    return str(KINDS["seat"].course.states.get(state, state))


def _ordered(rows: QuerySet[Departure], order: str) -> QuerySet[Departure]:
    return with_cabins(rows).order_by(order, "pk")


def _row(row: Departure, counters: Mapping[str, Supply], now: datetime) -> Row:
    starts, ends = local(row.starts_at, row.zone_from), local(row.ends_at, row.zone_to)
    zones = (offset_words(starts), offset_words(ends))
    decks = [_deck(row, cabin, counters.get(row.key(cabin.variant_id))) for cabin in row.cabins.all()]
    sold = sum(deck.sold for deck in decks)
    return Row(
        row,
        full_day_words(starts.date()),
        f"{starts:%H:%M}",
        f"{ends:%H:%M}",
        (ends.date() - starts.date()).days,
        length_words(row.ends_at - row.starts_at),
        f"UTC{zones[0]} → UTC{zones[1]}" if zones[0] != zones[1] else f"UTC{zones[0]}",
        decks,
        max(row.minimum - sold, 0) if row.state == OPEN else 0,
        row.starts_at <= now,
    )


def _deck(row: Departure, cabin: Cabin, counter: Supply | None) -> Deck:
    numbers: dict[str, Any] = {"seats": 0, "free": 0, "held": 0, "sold": 0}
    if counter is not None:
        numbers = {"seats": counter.put_in, "free": counter.free, "held": counter.held, "sold": counter.sold}
        if row.state == CANCELLED:
            # What was free when it was called off was taken out of the counter.
            numbers["seats"] = counter.sold + counter.held
    price = Money(cabin.price or cabin.variant.price, row.product.currency)
    return Deck(cabin.variant, price, cabin.price, **numbers)
