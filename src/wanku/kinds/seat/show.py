"""The departures of a product as its page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from wanku.catalog.models import Variant
from wanku.inventory.models import Supply
from wanku.kernel.money import Money
from wanku.kinds.seat.models import Cabin, Departure, SeatTerms
from wanku.kinds.seat.states import CONFIRMED, OPEN, SOLD_IN
from wanku.kinds.seat.words import day_words, length_words, local, offset_words

SHOWN: Final = 10
"""Departures on a page; earlier and later ones are behind a link."""
FEW: Final = 9
PEOPLE_MAX: Final = 99


@dataclass(frozen=True, slots=True)
class Berth:
    """A cabin on a departure: what a seat costs (minor units) and how many are left."""

    variant_id: int
    label: str
    price: Money
    free: int
    few: bool


@dataclass(frozen=True, slots=True)
class CabinChip:
    """A cabin to choose; the price is what it costs where a departure has none of its own."""

    id: int
    label: str
    price: Money
    checked: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A departure as people see it.

    Attributes:
        missing: seats that must still be paid so that it goes; 0 when it goes.
        shift: calendar days between start and end on the clocks of the places.
        berth: the cabin that is being looked at; none where it is not sold.
    """

    row: Departure
    day: date
    day_text: str
    leaves: str
    arrives: str
    shift: int
    length: str
    zones: str
    missing: int
    decide_text: str
    berths: Sequence[Berth]
    berth: Berth | None
    checked: bool

    @property
    def confirmed(self) -> bool:
        """Whether it is certain to go."""
        return self.row.state == CONFIRMED

    @property
    def free(self) -> int:
        """Seats left in all cabins."""
        return sum(berth.free for berth in self.berths)

    @property
    def cheapest(self) -> Money | None:
        """The lowest price of what is left, else of what there was."""
        left = [berth.price for berth in self.berths if berth.free] or [berth.price for berth in self.berths]
        return min(left, default=None)


def on_offer(now: datetime) -> QuerySet[Departure]:
    """Departures that can be booked now, as far as sales are concerned."""
    return Departure.objects.filter(state__in=SOLD_IN, sale_until__gt=now)


def show_departures(product_id: int, asked: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """What `choose.html` needs: five statements, two more when the chosen one is not among those shown.

    Parameters of the query: ``variant`` and ``choice.departure`` (what is chosen), ``quantity``, ``from_day`` (first
    day to show).
    """
    cabins = _chips(product_id, asked.get("variant", ""))
    cabin = next((chip.id for chip in cabins if chip.checked), 0)
    rows = on_offer(now).filter(product_id=product_id)
    since = _day(asked.get("from_day", ""))
    found = list(with_cabins(rows.filter(starts_at__gte=midnight(since)) if since else rows)[: SHOWN + 1])
    chosen = _whole(asked.get("choice.departure", ""))
    if chosen and chosen not in {row.pk for row in found}:
        found = [*with_cabins(rows.filter(pk=chosen)), *found]
    departures = shown_of(found[: SHOWN + 1], chosen=chosen, cabin=cabin)
    terms = SeatTerms.objects.filter(pk=product_id).first()
    later = departures[SHOWN].day if len(departures) > SHOWN else None
    return {
        "cabins": cabins,
        "people": max(1, min(_whole(asked.get("quantity", "")) or 1, PEOPLE_MAX)),
        "departures": departures[:SHOWN],
        "months": _months(departures[:SHOWN]),
        "later": later,
        "since": since,
        "chosen": chosen,
        "real_name": terms.real_name if terms else True,
    }


def with_cabins(rows: QuerySet[Departure]) -> QuerySet[Departure]:
    """The same departures with their cabins and variants."""
    cabins = Cabin.objects.filter(variant__is_active=True).select_related("variant").order_by("variant__position", "pk")
    return rows.select_related("product").prefetch_related(Prefetch("cabins", cabins))


def shown_of(rows: Sequence[Departure], *, chosen: int = 0, cabin: int = 0) -> list[Shown]:
    """Departures with seats left and missing: one statement."""
    keys = [row.key(cabin.variant_id) for row in rows for cabin in row.cabins.all()]
    counted = Supply.objects.filter(key__in=keys).values_list("key", "free", "sold") if keys else ()
    counts = {key: (free, sold) for key, free, sold in counted}
    return [_shown(row, counts, cabin, checked=chosen == row.pk) for row in rows]


def _shown(row: Departure, counts: Mapping[str, tuple[int, int]], variant: int, *, checked: bool) -> Shown:
    starts, ends = local(row.starts_at, row.zone_from), local(row.ends_at, row.zone_to)
    zones = (offset_words(starts), offset_words(ends))
    berths = [
        Berth(
            cabin.variant_id,
            cabin.variant.label,
            Money(cabin.price or cabin.variant.price, row.product.currency),
            left := counts.get(row.key(cabin.variant_id), (0, 0))[0],
            0 < left <= FEW,
        )
        for cabin in row.cabins.all()
    ]
    paid = sum(counts.get(row.key(cabin.variant_id), (0, 0))[1] for cabin in row.cabins.all())
    return Shown(
        row,
        starts.date(),
        day_words(starts.date()),
        f"{starts:%H:%M}",
        f"{ends:%H:%M}",
        (ends.date() - starts.date()).days,
        length_words(row.ends_at - row.starts_at),
        f"UTC{zones[0]} → UTC{zones[1]}" if zones[0] != zones[1] else "",
        max(row.minimum - paid, 0) if row.state == OPEN else 0,
        _decided(row),
        berths,
        next((berth for berth in berths if berth.variant_id == variant), None),
        checked,
    )


def _decided(row: Departure) -> str:
    if row.decide_at is None:
        return ""
    at = local(row.decide_at, row.zone_from)
    return f"{day_words(at.date())} {at:%H:%M}"


def _months(found: Sequence[Shown]) -> list[tuple[date, list[Shown]]]:
    months: dict[date, list[Shown]] = {}
    for one in found:
        months.setdefault(one.day.replace(day=1), []).append(one)
    return list(months.items())


def _chips(product_id: int, wanted: str) -> list[CabinChip]:
    rows = list(Variant.objects.filter(product=product_id, is_active=True).select_related("product"))
    chosen = next((row.pk for row in rows if str(row.pk) == wanted), rows[0].pk if rows else 0)
    return [CabinChip(row.pk, row.label, Money(row.price, row.product.currency), row.pk == chosen) for row in rows]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def midnight(day: date) -> datetime:
    """The earliest moment at which it is this day anywhere."""
    return datetime.fromisoformat(f"{day.isoformat()}T00:00:00+00:00") - timedelta(hours=14)
