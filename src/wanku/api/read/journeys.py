"""Reading departures for programs."""

from collections.abc import Sequence
from datetime import datetime

from wanku.api.shapes.journeys import BerthShape, DepartureShape, JourneySearch
from wanku.catalog.models import Product
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.search import Sought, search
from wanku.kinds.seat.show import Shown, on_offer, shown_of, with_cabins

FOUND_MAX = 100


def found(wanted: JourneySearch, *, now: datetime) -> list[DepartureShape]:
    """Departures that fit, in the order that was asked for: four statements."""
    sought = Sought(
        origin=wanted.origin or "",
        destination=wanted.destination or "",
        day=wanted.day,
        only_day=wanted.only_day,
        people=wanted.people,
        budget=wanted.budget,
        sort=wanted.sort,
    )
    return shapes(list(with_cabins(search(sought, now=now)).select_related("product__merchant")[:FOUND_MAX]))


def of_product(product_id: int, *, now: datetime) -> list[DepartureShape]:
    """Departures of a product that can be booked, the next ones first.

    Raises:
        Refusal: ``not_found`` for what is not on sale.
    """
    if not Product.objects.on_sale().filter(pk=product_id).exists():
        raise Refusal(NOT_FOUND)
    rows = with_cabins(on_offer(now).filter(product_id=product_id)).select_related("product__merchant")
    return shapes(list(rows[:FOUND_MAX]))


def of_shop(merchant_id: int, *, since: datetime) -> list[DepartureShape]:
    """A shop's departures in any state that leave later."""
    rows = Departure.objects.filter(merchant_id=merchant_id, starts_at__gt=since)
    return shapes(list(with_cabins(rows).select_related("product__merchant")[:FOUND_MAX]))


def of_rows(ids: Sequence[int]) -> list[DepartureShape]:
    """These departures in order of time."""
    return shapes(list(with_cabins(Departure.objects.filter(pk__in=ids)).select_related("product__merchant")))


def one(merchant_id: int, departure_id: int) -> DepartureShape:
    """One departure of a shop.

    Raises:
        Refusal: ``not_found``.
    """
    rows = Departure.objects.filter(merchant_id=merchant_id, pk=departure_id)
    row = with_cabins(rows).select_related("product__merchant").first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return shapes([row])[0]


def shapes(rows: Sequence[Departure]) -> list[DepartureShape]:
    """Departures as programs see them."""
    return [_shape(shown) for shown in shown_of(rows)]


def _shape(shown: Shown) -> DepartureShape:
    row = shown.row
    return DepartureShape(
        id=row.pk,
        product_id=row.product_id,
        title=row.product.title,
        merchant=row.product.merchant.slug,
        state=row.state,  # type: ignore[arg-type] # the database knows no other
        origin=row.origin,
        destination=row.destination,
        meeting_point=row.meeting_point,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone_from=row.zone_from,
        zone_to=row.zone_to,
        sale_until=row.sale_until,
        minimum=row.minimum,
        missing=shown.missing,
        decide_at=row.decide_at,
        currency=row.product.currency,
        cabins=[
            BerthShape(variant_id=b.variant_id, label=b.label, price=b.price.amount, free=b.free) for b in shown.berths
        ],
    )
