"""Journeys: looking for departures, and a shop's own."""

from django.http import HttpResponse
from ninja import Path, Query, Router

from wanku.access.can import Permission
from wanku.api.callers import KNOWN, PUBLIC, desk
from wanku.api.fields import IdempotencyKey, PathId, Slug
from wanku.api.read import journeys as read
from wanku.api.read import selling
from wanku.api.repeats import repeatable
from wanku.api.shapes.journeys import (
    CabinBody,
    CallOffBody,
    DeparturesBody,
    DepartureShape,
    DeparturesShape,
    JourneySearch,
    SeatTermsBody,
)
from wanku.flows.offering.add_departures import add_departures
from wanku.flows.offering.cancel_departure import cancel_departure
from wanku.flows.offering.change_cabin import change_cabin
from wanku.flows.offering.confirm_departure import confirm_departure
from wanku.flows.offering.set_seat_terms import set_seat_terms
from wanku.kinds.seat.rules import CabinData, Journey
from wanku.kinds.seat.series import EVERY_DAY, Series
from wanku.ui.request import Request

router = Router(tags=["journeys"], auth=KNOWN)


@router.get("/journeys", response=list[DepartureShape], auth=PUBLIC, summary="Departures that fit")
def list_journeys(request: Request, wanted: Query[JourneySearch]) -> list[DepartureShape]:
    """Departures on sale with a cabin that has enough seats within the budget, at most 100."""
    return read.found(wanted, now=request.now)


@router.get(
    "/products/{product_id}/departures", response=list[DepartureShape], auth=PUBLIC, summary="Departures of a product"
)
def list_departures(request: Request, product_id: Path[PathId]) -> list[DepartureShape]:
    """Departures that can be booked, the next 100."""
    return read.of_product(product_id, now=request.now)


@router.put("/merchants/{slug}/products/{product_id}/seat-terms", response={204: None}, summary="Terms of departures")
def set_departure_terms(
    request: Request, slug: Path[Slug], product_id: Path[PathId], body: SeatTermsBody
) -> HttpResponse:
    """Say whether travellers show documents and what cancelling costs; the product then sells seats.

    Orders keep the terms that they were placed with. Scope `products.edit`.
    """
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    selling.product(merchant.pk, product_id)
    table = [{"hours": row.hours, "bp": row.bp} for row in body.cancellation]
    set_seat_terms(product_id, real_name=body.real_name, cancellation=table, actor=actor, now=request.now)
    return HttpResponse(status=204)


@router.get("/merchants/{slug}/departures", response=list[DepartureShape], summary="Departures of a shop")
def list_desk_departures(request: Request, slug: Path[Slug]) -> list[DepartureShape]:
    """Departures to come in any state, the next 100. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return read.of_shop(merchant.pk, since=request.now)


@router.post(
    "/merchants/{slug}/products/{product_id}/departures",
    response={201: DeparturesShape},
    summary="Put departures on offer",
)
def create_departures(
    request: Request,
    slug: Path[Slug],
    product_id: Path[PathId],
    body: DeparturesBody,
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Departures at the same wall time on some days; those that are there stay as they are. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    selling.product(merchant.pk, product_id)

    def act() -> DeparturesShape:
        rows = add_departures(product_id, _journey(body), _series(body), actor=actor, now=request.now)
        return DeparturesShape(items=read.of_rows([row.pk for row in rows]))

    return repeatable(request, idempotency_key, body, act)


@router.put(
    "/merchants/{slug}/departures/{departure_id}/cabins/{cabin_id}",
    response=DepartureShape,
    summary="Seats and price of a cabin",
)
def set_departure_cabin(
    request: Request,
    slug: Path[Slug],
    departure_id: Path[PathId],
    cabin_id: Path[PathId],
    body: CabinBody,
) -> DepartureShape:
    """Give a cabin (the id of its variant) so many seats in all, and its price here. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.one(merchant.pk, departure_id)
    change_cabin(departure_id, CabinData(cabin_id, body.seats, body.price), actor=actor, now=request.now)
    return read.one(merchant.pk, departure_id)


@router.post(
    "/merchants/{slug}/departures/{departure_id}/confirm", response=DepartureShape, summary="Promise that it goes"
)
def confirm_desk_departure(request: Request, slug: Path[Slug], departure_id: Path[PathId]) -> DepartureShape:
    """A departure that waits for its group goes in any case from now on. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.one(merchant.pk, departure_id)
    confirm_departure(departure_id, actor=actor, now=request.now)
    return read.one(merchant.pk, departure_id)


@router.post(
    "/merchants/{slug}/departures/{departure_id}/cancel", response=DepartureShape, summary="Call a departure off"
)
def cancel_desk_departure(
    request: Request, slug: Path[Slug], departure_id: Path[PathId], body: CallOffBody
) -> DepartureShape:
    """Nothing more is sold, and within moments everybody gets everything back. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.one(merchant.pk, departure_id)
    cancel_departure(departure_id, because=body.because, actor=actor, now=request.now)
    return read.one(merchant.pk, departure_id)


def _journey(body: DeparturesBody) -> Journey:
    return Journey(
        origin=body.origin,
        destination=body.destination,
        zone_from=body.zone_from,
        zone_to=body.zone_to,
        cabins=tuple(CabinData(cabin.variant_id, cabin.seats, cabin.price) for cabin in body.cabins),
        meeting_point=body.meeting_point,
        sale_hours=body.sale_hours,
        minimum=body.minimum,
        decide_hours=body.decide_hours,
    )


def _series(body: DeparturesBody) -> Series:
    leaves, arrives = body.leaves.replace(tzinfo=None), body.arrives.replace(tzinfo=None)
    weekdays = frozenset(body.weekdays) or EVERY_DAY
    return Series(body.first, body.last or body.first, leaves, arrives, days=body.days, weekdays=weekdays)
